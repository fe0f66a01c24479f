import type { Context, Hono } from "hono";
import type * as z from "zod/mini";

import { assignByHandOperation } from "../../operations/departments/assign-by-hand.ts";
import { invitePeopleOperation } from "../../operations/invitations/invite-people.ts";
import { enrolUserOperation } from "../../operations/users/enrol-user.ts";
import { exportUsersOperation } from "../../operations/users/export-users.ts";
import { listUsersOperation } from "../../operations/users/list-users.ts";
import type { UserView } from "../../user-view.ts";
import { ask, askFile } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { ConsoleRefusal } from "../console-refusal.ts";
import { page } from "../page.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { peopleOf } from "../parts/department-words.tsx";
import { SelectField, TextField } from "../parts/field.tsx";
import { Badge, Notice } from "../parts/notice.tsx";
import { Pager, withQuery } from "../parts/pager.tsx";
import { chosenIn } from "../parts/people-picker.tsx";
import { PeopleTabs } from "../parts/people-tabs.tsx";
import { PersonInputs, personTyped } from "../parts/person-fields.tsx";
import { nameOf, PersonLink } from "../parts/person-link.tsx";
import { PostForm } from "../parts/post-form.tsx";
import { findDepartment } from "../people/find-department.ts";
import { runForm, sentenceOf, type Shown } from "../run-form.ts";
import { Invited } from "./invite-people.tsx";

const PATH = "/console/t/:slug/people";
type PeopleContext = Context<ConsoleEnv, typeof PATH>;

const DONE = {
  deleted: "The person is deleted.",
  erased: "Nothing personal is left of them. The log says that somebody was erased.",
};

export function peopleRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, (context) => peoplePage(context));

  app.post(PATH, (context) => {
    const params = { slug: context.req.param("slug") };
    return runForm(
      context,
      {
        async enrol(form) {
          const typed = Object.entries(personTyped(form)).filter(([, value]) => value !== "");
          const body = Object.fromEntries(typed);
          const { id } = await ask(context, enrolUserOperation, { params, body });
          return context.redirect(`/console/t/${params.slug}/people/${id}?done=enrolled`, 303);
        },
        async assign(form) {
          const add = chosenIn(form);
          const { id, name } = await findDepartment(context, params.slug, form.text("into"));
          const assigned = await ask(context, assignByHandOperation, {
            params: { ...params, id },
            body: { add },
          });
          const text = `${peopleOf(assigned.added)} newly assigned to ${name}. Whoever was assigned by hand before stays so.`;
          return { once: <Notice tone="ok">{text}</Notice> };
        },
        async invite(form) {
          const body = { userIds: chosenIn(form) };
          return {
            once: <Invited {...await ask(context, invitePeopleOperation, { params, body })} />,
          };
        },
      },
      (shown) => peoplePage(context, shown),
    );
  });

  app.get(`${PATH}/export`, (context) =>
    askFile(context, exportUsersOperation, { params: { slug: context.req.param("slug") } }),
  );
}

/** What the list is filtered by, as it was typed. */
function readFilter(context: PeopleContext) {
  const { q, origin, active, department, cursor } = context.req.query();
  return { q, origin, active, department: department?.trim(), cursor };
}
type Filter = ReturnType<typeof readFilter>;

type People = {
  readonly items: readonly z.infer<typeof UserView>[];
  readonly nextCursor: string | null;
};

/** Nobody, and why, where the name of the department means none. */
async function peopleFor(
  context: PeopleContext,
  filter: Filter,
): Promise<People & { readonly refusal?: ConsoleRefusal }> {
  const slug = context.req.param("slug");
  const ids = (department: string | undefined) =>
    ask(context, listUsersOperation, { params: { slug }, query: { ...filter, department } });
  if (!filter.department) return ids(undefined);
  try {
    const { id } = await findDepartment(context, slug, filter.department);
    return await ids(id);
  } catch (error) {
    if (!(error instanceof ConsoleRefusal) || error.refusal.kind !== "invalid") throw error;
    return { items: [], nextCursor: null, refusal: error };
  }
}

async function peoplePage(context: PeopleContext, shown: Shown = {}) {
  const slug = context.req.param("slug");
  const { view } = context.var;
  const filter = readFilter(context);
  const { items, nextCursor, refusal } = await peopleFor(context, filter);
  const path = `/console/t/${slug}/people`;
  const isNarrow = Object.values(filter).some(Boolean);
  return page(
    context,
    {
      title: "People",
      slug,
      section: "people",
      done: sentenceOf(context, DONE),
      refusal: shown.refusal ?? refusal,
    },
    <>
      <PeopleTabs view={view} slug={slug} tab="people" />
      {shown.once}
      <Search filter={filter} path={path} />
      <PostForm view={view} action={withQuery(path, filter)} class="">
        <DataTable
          caption="People"
          columns={["Choose", "Name", "User name and email", "From", "State", "Departments"]}
          empty={emptyText(isNarrow, nextCursor)}
          rows={items.map((person) => [
            <input
              type="checkbox"
              name="id"
              value={person.id}
              checked={shown.refusal && shown.form?.all("id").includes(person.id)}
              aria-label={`Choose ${nameOf(person)}`}
            />,
            <PersonLink slug={slug} person={person} />,
            <>
              {person.userName}
              {person.email !== person.userName && (
                <div class="hint">{person.email ?? "no email"}</div>
              )}
            </>,
            person.origin === "scim" ? "identity provider" : "by hand",
            <Badge tone={person.active ? "ok" : "quiet"}>
              {person.active ? "Active" : "Inactive"}
            </Badge>,
            person.departments.map(({ name }) => name).join(", "),
          ])}
        />
        {items.length > 0 && (
          <fieldset>
            <legend>Those who are ticked</legend>
            <div class="inline">
              {view.may("assignToDepartment") && (
                <>
                  <TextField
                    label="Department"
                    name="into"
                    placeholder="Its name"
                    value={shown.form?.text("into") ?? ""}
                  />
                  <button name="does" value="assign">
                    Assign to it
                  </button>
                </>
              )}
              {view.may("invitePeople") && (
                <button name="does" value="invite" class="quiet">
                  Invite
                </button>
              )}
            </div>
          </fieldset>
        )}
      </PostForm>
      <Pager path={path} query={filter} nextCursor={nextCursor} />
      {view.may("enrolUser") && <Enrol context={context} shown={shown} path={path} />}
      <p>
        <a href={`${path}/export`}>Everybody as a CSV file</a>
      </p>
    </>,
  );
}

function emptyText(isNarrow: boolean, nextCursor: string | null): string {
  if (nextCursor !== null) return "Nobody on this page: the search goes on with the next one.";
  return isNarrow
    ? "Nobody fits."
    : "Nobody is here yet. People come from your identity provider, from a file (Import), or are added by hand below.";
}

const ORIGINS = [
  ["", "anywhere"],
  ["scim", "the identity provider"],
  ["manual", "enrolled by hand"],
] as const;
const STATES = [
  ["", "all"],
  ["true", "active"],
  ["false", "inactive"],
] as const;

const Search = ({ filter, path }: { filter: Filter; path: string }) => (
  <form role="search" action={path}>
    <div class="fields">
      <TextField
        label="Begins with"
        name="q"
        type="search"
        placeholder="Name, user name or email"
        value={filter.q ?? ""}
      />
      <SelectField label="From" name="origin" options={ORIGINS} value={filter.origin} />
      <SelectField label="State" name="active" options={STATES} value={filter.active} />
      <TextField label="In the department" name="department" value={filter.department ?? ""} />
    </div>
    <div class="actions">
      <button>Show</button>
      <a class="button quiet" href={path}>
        Show all
      </a>
    </div>
  </form>
);

function Enrol({ context, shown, path }: { context: PeopleContext; shown: Shown; path: string }) {
  const isRefused = shown.refusal !== undefined && shown.form?.text("does") === "enrol";
  return (
    <details class="more" open={isRefused}>
      <summary>Add a person by hand</summary>
      <p class="hint">
        For people whom the identity provider does not send. If it sends one of them later, that
        person is taken over where the tenant's settings allow it.
      </p>
      <PostForm view={context.var.view} action={path} does="enrol" class="">
        <PersonInputs
          values={isRefused && shown.form ? personTyped(shown.form) : {}}
          required="email"
        />
        <div class="actions">
          <button>Add</button>
        </div>
      </PostForm>
    </details>
  );
}
