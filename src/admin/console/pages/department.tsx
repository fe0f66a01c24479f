import type { Context, Hono } from "hono";

import { type DepartmentOwner, ownerOf } from "../../../directory/departments/owner-of.ts";
import { assignByHandOperation } from "../../operations/departments/assign-by-hand.ts";
import { deleteDepartmentOperation } from "../../operations/departments/delete-department.ts";
import { getDepartmentOperation } from "../../operations/departments/get-department.ts";
import { keepDepartmentOperation } from "../../operations/departments/keep-department.ts";
import { listDepartmentMembersOperation } from "../../operations/departments/list-department-members.ts";
import { renameDepartmentOperation } from "../../operations/departments/rename-department.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv, View } from "../console-env.ts";
import { page } from "../page.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { DataTable } from "../parts/data-table.tsx";
import {
  type Department,
  DepartmentState,
  linkedBy,
  linksOf,
  peopleOf,
  SOURCE_WORDS,
} from "../parts/department-words.tsx";
import { TextField } from "../parts/field.tsx";
import { Notice } from "../parts/notice.tsx";
import { Pager } from "../parts/pager.tsx";
import { chosenIn } from "../parts/people-picker.tsx";
import { nameOf, PersonLink } from "../parts/person-link.tsx";
import { PostButton, PostForm } from "../parts/post-form.tsx";
import { Time } from "../parts/time.tsx";
import { requireTypedName, TypedName } from "../parts/typed-name.tsx";
import { runForm, sentenceOf, type Shown } from "../run-form.ts";

const PATH = "/console/t/:slug/departments/:id";
const DONE = {
  created: "The department is made. Assign people to it.",
  renamed: "The department has its new name.",
  kept: "The department is hand-made from now on and stays.",
  merged: "Merged: everybody is in this department now.",
  removed: "The assignments by hand are taken back.",
};

/** Why its name and its end are not yours, and what to do. */
const OWNERS: Record<Exclude<DepartmentOwner, "hand">, string> = {
  group: "A group of the identity provider feeds it: rename or delete the group there.",
  attribute:
    "People's department attribute names it: change the attribute in the identity provider.",
  synchronisation: "Keep it to make it yours: then it can be renamed and deleted.",
};

export function departmentRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, (context) => departmentPage(context));

  app.post(PATH, (context) => {
    const params = context.req.param();
    return runForm(
      context,
      {
        async rename(form) {
          const body = { name: form.text("name") };
          await ask(context, renameDepartmentOperation, { params, body });
          return "renamed";
        },
        async keep() {
          await ask(context, keepDepartmentOperation, { params });
          return "kept";
        },
        async remove(form) {
          const body = { remove: chosenIn(form) };
          await ask(context, assignByHandOperation, { params, body });
          return "removed";
        },
        async delete(form) {
          const { name } = await ask(context, getDepartmentOperation, { params });
          requireTypedName(form, name);
          await ask(context, deleteDepartmentOperation, { params });
          return context.redirect(`/console/t/${params.slug}/departments?done=deleted`, 303);
        },
      },
      (shown) => departmentPage(context, shown),
    );
  });
}

async function departmentPage(context: Context<ConsoleEnv, typeof PATH>, shown: Shown = {}) {
  const params = context.req.param();
  const { slug, id } = params;
  const { view } = context.var;
  const query = { cursor: context.req.query("cursor") };
  const [department, members] = await Promise.all([
    ask(context, getDepartmentOperation, { params }),
    ask(context, listDepartmentMembersOperation, { params, query }),
  ]);
  const path = `/console/t/${slug}/departments/${id}`;
  const mayAssign = view.may("assignToDepartment");
  const byHand = members.items.filter(({ source }) => source === "manual");
  return page(
    context,
    {
      title: department.name,
      slug,
      section: "departments",
      done: sentenceOf(context, DONE),
      refusal: shown.refusal,
    },
    <>
      <Facts slug={slug} department={department} />
      {department.orphanedAt !== null && (
        <Notice tone="warn">
          <p>
            Nothing refers to this department since <Time at={department.orphanedAt} />. The
            reconciliation retires it, <Time at={department.retiresAt} /> at the earliest, unless
            something refers to it again.
          </p>
          {view.may("keepDepartment") && (
            <PostButton view={view} action={path} does="keep">
              Keep it as a hand-made department
            </PostButton>
          )}
        </Notice>
      )}
      <h2>People</h2>
      {mayAssign && (
        <p>
          <a class="button" href={`${path}/assign`}>
            Assign people
          </a>
        </p>
      )}
      <PostForm view={view} action={path} does="remove" class="">
        <DataTable
          caption="People"
          columns={["Choose", "Name", "User name", "Put here by", "Since"]}
          empty="It is nobody's department."
          rows={members.items.map((member) => [
            mayAssign && member.source === "manual" && (
              <input
                type="checkbox"
                name="id"
                value={member.id}
                aria-label={`Choose ${nameOf(member)}`}
              />
            ),
            <>
              <PersonLink slug={slug} person={member} />
              {!member.active && " (inactive)"}
            </>,
            member.userName,
            SOURCE_WORDS[member.source],
            <Time at={member.since} />,
          ])}
        />
        {mayAssign && byHand.length > 0 && (
          <div class="actions">
            {byHand.map((member) => (
              <input type="hidden" name="shown" value={member.id} />
            ))}
            <button>Take back the ticked assignments</button>
            <button class="quiet" name="all" value="yes">
              Take back all on this page
            </button>
          </div>
        )}
      </PostForm>
      <Pager path={path} query={query} nextCursor={members.nextCursor} />
      <Management
        view={view}
        path={path}
        department={department}
        typed={shown.form?.text("name")}
      />
    </>,
  );
}

const Facts = ({ slug, department }: { slug: string; department: Department }) => (
  <dl class="facts">
    <dt>People</dt>
    <dd>{department.memberCount.toLocaleString("en")}</dd>
    <dt>Linked by</dt>
    <dd>
      {linkedBy(department)}
      {linksOf(department) > department.memberCount && (
        <p class="hint">
          More than there are people: whoever is linked twice counts once, and where each person is
          in one department, another one may go before.
        </p>
      )}
    </dd>
    <dt>Made by</dt>
    <dd>
      {SOURCE_WORDS[department.origin]}
      {department.groupId !== null && (
        <>
          {", fed by "}
          <a href={`/console/t/${slug}/groups/${department.groupId}`}>its group</a>
        </>
      )}
    </dd>
    <dt>State</dt>
    <dd>
      <DepartmentState department={department} />
    </dd>
    <dt>Id</dt>
    <dd>
      <code>{department.id}</code>
    </dd>
  </dl>
);

function Management({
  view,
  path,
  department,
  typed,
}: {
  view: View;
  path: string;
  department: Department;
  typed: string | undefined;
}) {
  const owner = ownerOf(department);
  const { name, sources } = department;
  return (
    <>
      {(view.may("renameDepartment") || view.may("mergeDepartments")) && <h2>Change it</h2>}
      {owner !== "hand" && <p>{OWNERS[owner]}</p>}
      {owner === "hand" && view.may("renameDepartment") && (
        <PostForm view={view} action={path} does="rename" class="inline">
          <TextField label="Name" name="name" required value={typed ?? name} />
          <button>Rename</button>
        </PostForm>
      )}
      {view.may("mergeDepartments") && (
        <p>
          <a href={`${path}/merge`}>Merge it into another department</a>
        </p>
      )}
      {owner === "hand" && view.may("deleteDepartment") && (
        <Confirm view={view} action={path} does="delete" label="Delete this department">
          <p>
            {peopleOf(sources.manual)} assigned by hand will not be in it any more. Their history
            keeps it.
          </p>
          <TypedName name={name} />
        </Confirm>
      )}
    </>
  );
}
