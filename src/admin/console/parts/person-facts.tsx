import type { OperationOf } from "../../operation.ts";
import type { getUserOperation } from "../../operations/users/get-user.ts";
import { adoptedBy, EMAIL_RULES, originText } from "../people/person-words.ts";
import { DataTable } from "./data-table.tsx";
import { Badge } from "./notice.tsx";
import { Time } from "./time.tsx";
import { valueText } from "./value-text.ts";

export type Person = typeof getUserOperation extends OperationOf<infer Answer> ? Answer : never;

/** Who somebody is to the product, and where that comes from. */
export function PersonFacts({ person, slug }: { person: Person; slug: string }) {
  const { adoptedAt, predecessorId } = person;
  return (
    <dl class="facts">
      <dt>State</dt>
      <dd>
        <State person={person} />
      </dd>
      <dt>User name</dt>
      <dd>{person.userName ?? "none"}</dd>
      <dt>Email</dt>
      <dd>
        {person.email ?? "none"} <span class="hint">{EMAIL_RULES[person.emailRule]}</span>
      </dd>
      <dt>From</dt>
      <dd>{originText(person)}</dd>
      {adoptedAt !== null && (
        <>
          <dt>Adopted</dt>
          <dd>
            <Time at={adoptedAt} /> {adoptedBy(person.adoptedBy)}
          </dd>
        </>
      )}
      <dt>Groups</dt>
      <dd>
        {person.groups.length === 0 && "none"}
        {person.groups.map(({ id, displayName }, at) => (
          <>
            {at > 0 && ", "}
            <a href={`/console/t/${slug}/groups/${id}`}>{displayName || id}</a>
          </>
        ))}
      </dd>
      {predecessorId !== null && (
        <>
          <dt>Came back</dt>
          <dd>
            <a href={`/console/t/${slug}/people/${predecessorId}`}>Who had this user name before</a>{" "}
            was deleted; the history of then is there.
          </dd>
        </>
      )}
      <dt>Here since</dt>
      <dd>
        <Time at={person.createdAt} />, changed <Time at={person.updatedAt} />, version{" "}
        {person.version}
      </dd>
      <dt>Id</dt>
      <dd>
        <code data-copy="">{person.id}</code>
      </dd>
    </dl>
  );
}

function State({ person: { active, deletedAt, stored } }: { person: Person }) {
  if (deletedAt !== null) {
    return (
      <>
        <Badge tone="bad">Deleted</Badge> <Time at={deletedAt} />; kept for the history
      </>
    );
  }
  return (
    <>
      <Badge tone={active ? "ok" : "quiet"}>{active ? "Active" : "Inactive"}</Badge>
      {stored?.deactivatedByHand === true &&
        " deactivated by hand: provisioning does not revive them"}
    </>
  );
}

/** An attribute of an extension with its schema below it. */
function AttributeName({ path }: { path: string }) {
  const end = path.lastIndexOf(":");
  return (
    <>
      <code>{path.slice(end + 1)}</code>
      {end > 0 && <div class="hint">{path.slice(0, end)}</div>}
    </>
  );
}

/** Everything that is stored of somebody. */
export const StoredAttributes = ({ person }: { person: Person }) => (
  <DataTable
    caption="Attributes"
    columns={["Attribute", "Value", "Source"]}
    empty="Nothing is stored."
    rows={(person.stored?.attributes ?? []).map(({ attribute, value, source }) => [
      <AttributeName path={attribute} />,
      valueText(value),
      source === "scim" ? "identity provider" : "by hand",
    ])}
  />
);
