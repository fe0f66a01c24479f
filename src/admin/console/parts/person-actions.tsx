import { mayByHand, provenanceOf } from "../../../directory/people/may-by-hand.ts";
import type { Settings } from "../../../tenancy/settings.ts";
import type { View } from "../console-env.ts";
import { deletionText } from "../people/person-words.ts";
import type { Shown } from "../run-form.ts";
import { Confirm } from "./confirm.tsx";
import type { Person } from "./person-facts.tsx";
import { PersonInputs, personTyped } from "./person-fields.tsx";
import { nameOf } from "./person-link.tsx";
import { PostButton, PostForm } from "./post-form.tsx";
import { TypedName } from "./typed-name.tsx";

interface Props {
  view: View;
  path: string;
  person: Person;
  settings: Settings;
  shown: Shown;
}

/** What an administrator may do with somebody; of somebody who was deleted, only erasing is left. */
export const PersonActions = (props: Props) => (
  <>
    <h2>Actions</h2>
    {props.person.deletedAt === null && <Present {...props} />}
    {props.view.may("eraseUser") && <Erase {...props} />}
  </>
);

function Present({ view, path, person, settings, shown }: Props) {
  const provenance = provenanceOf(person);
  return (
    <>
      <div class="actions">
        {view.may("changeUser") && !person.active && (
          <PostButton view={view} action={path} does="activate">
            Activate
          </PostButton>
        )}
        {view.may("invitePeople") && settings.invitations !== "off" && (
          <PostButton view={view} action={path} does="invite" tone="quiet">
            Invite
          </PostButton>
        )}
      </div>
      {view.may("changeUser") && <Edit view={view} path={path} person={person} shown={shown} />}
      {view.may("changeUser") && person.active && (
        <Confirm view={view} action={path} does="deactivate" label="Deactivate">
          <p>They stay here and lose access to the product. You can activate them again.</p>
        </Confirm>
      )}
      {view.may("adoptUser") && mayByHand(provenance, "adopt") === "allowed" && (
        <Confirm
          view={view}
          action={path}
          does="adopt"
          label="Adopt: leave them to the identity provider"
          button="Adopt"
        >
          <p>
            The identity provider says from then on what they are called and whether they are here,
            and you no longer. It can be undone.
          </p>
        </Confirm>
      )}
      {view.may("undoAdoption") && mayByHand(provenance, "unadopt") === "allowed" && (
        <Confirm view={view} action={path} does="unadopt" label="Undo the adoption">
          <p>
            They are as they were before it, under the same id, and yours to change. If the identity
            provider still sends them, take them out of its scope first, or they are adopted again.
          </p>
        </Confirm>
      )}
      {view.may("deleteUser") && (
        <Confirm view={view} action={path} does="delete" label="Delete">
          <p>
            {deletionText(settings)}
            {person.origin === "scim" &&
              " While they are in the scope of provisioning, the identity provider creates them anew."}
          </p>
        </Confirm>
      )}
    </>
  );
}

const ATTRIBUTE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";

function Edit({ view, path, person, shown }: Omit<Props, "settings">) {
  if (mayByHand(provenanceOf(person), "userName") !== "allowed") return null;
  const isRefused = shown.refusal !== undefined && shown.form?.text("does") === "edit";
  const department = person.stored?.attributes.find(({ attribute }) => attribute === ATTRIBUTE);
  const stored = {
    ...person,
    department: typeof department?.value === "string" ? department.value : null,
  };
  return (
    <details class="more" open={isRefused}>
      <summary>Change</summary>
      <PostForm view={view} action={path} does="edit" class="">
        <PersonInputs
          values={isRefused && shown.form ? personTyped(shown.form) : stored}
          required="userName"
        />
        <div class="actions">
          <button>Save</button>
        </div>
      </PostForm>
    </details>
  );
}

const Erase = ({ view, path, person }: Props) => (
  <Confirm view={view} action={path} does="erase" label="Erase for good">
    <p>
      Nothing personal of them stays: not here, not in the log, not of earlier times under the same
      user name. This cannot be undone, and the product has to forget them itself.
    </p>
    <TypedName name={nameOf(person)} />
  </Confirm>
);
