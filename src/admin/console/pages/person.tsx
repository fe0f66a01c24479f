import type { Context, Hono } from "hono";

import { assignByHandOperation } from "../../operations/departments/assign-by-hand.ts";
import { invitePeopleOperation } from "../../operations/invitations/invite-people.ts";
import { getTenantOperation } from "../../operations/tenants/get-tenant.ts";
import { adoptUserOperation } from "../../operations/users/adopt-user.ts";
import { changeUserOperation } from "../../operations/users/change-user.ts";
import { deleteUserOperation } from "../../operations/users/delete-user.ts";
import { eraseUserOperation } from "../../operations/users/erase-user.ts";
import { getUserHistoryOperation } from "../../operations/users/get-user-history.ts";
import { getUserOperation } from "../../operations/users/get-user.ts";
import { undoAdoptionOperation } from "../../operations/users/undo-adoption.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { page } from "../page.tsx";
import { ChangeRows } from "../parts/change-row.tsx";
import { Pager } from "../parts/pager.tsx";
import { PersonActions } from "../parts/person-actions.tsx";
import { PersonDepartments } from "../parts/person-departments.tsx";
import { PersonFacts, StoredAttributes } from "../parts/person-facts.tsx";
import { personTyped } from "../parts/person-fields.tsx";
import { nameOf } from "../parts/person-link.tsx";
import { requireTypedName } from "../parts/typed-name.tsx";
import { findDepartment } from "../people/find-department.ts";
import { runForm, sentenceOf, type Shown } from "../run-form.ts";
import { Invited } from "./invite-people.tsx";

const PATH = "/console/t/:slug/people/:id";
type PersonContext = Context<ConsoleEnv, typeof PATH>;

const DONE = {
  enrolled: "The person is added.",
  changed: "The person is changed.",
  activated: "The person is active.",
  deactivated: "The person is inactive. Provisioning does not activate them again by itself.",
  adopted: "The identity provider manages this person now.",
  unadopted: "The adoption is undone: the person is as before it, and yours to change.",
  assigned: "The person is assigned to the department.",
  unassigned: "The assignment by hand is taken back.",
};

export function personRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, (context) => personPage(context));

  app.post(PATH, (context) => {
    const params = context.req.param();
    const { slug, id } = params;
    const people = `/console/t/${slug}/people`;
    const assign = async (department: string, body: { add?: string[]; remove?: string[] }) =>
      ask(context, assignByHandOperation, { params: { slug, id: department }, body });
    const setActive = (active: boolean) =>
      ask(context, changeUserOperation, { params, body: { active } });
    return runForm(
      context,
      {
        async edit(form) {
          // A field that was emptied takes the value away; a userName cannot be.
          const typed = Object.entries(personTyped(form));
          const values = typed.map(([name, value]) => [name, value || null]);
          await ask(context, changeUserOperation, { params, body: Object.fromEntries(values) });
          return "changed";
        },
        async activate() {
          await setActive(true);
          return "activated";
        },
        async deactivate() {
          await setActive(false);
          return "deactivated";
        },
        async adopt() {
          await ask(context, adoptUserOperation, { params });
          return "adopted";
        },
        async unadopt() {
          await ask(context, undoAdoptionOperation, { params });
          return "unadopted";
        },
        async assign(form) {
          const department = await findDepartment(context, slug, form.text("into"));
          await assign(department.id, { add: [id] });
          return "assigned";
        },
        async unassign(form) {
          await assign(form.text("department"), { remove: [id] });
          return "unassigned";
        },
        async invite() {
          const invited = await ask(context, invitePeopleOperation, {
            params: { slug },
            body: { userIds: [id] },
          });
          return { once: <Invited {...invited} /> };
        },
        async delete() {
          await ask(context, deleteUserOperation, { params });
          return context.redirect(`${people}?done=deleted`, 303);
        },
        async erase(form) {
          const person = await ask(context, getUserOperation, { params });
          requireTypedName(form, nameOf(person));
          await ask(context, eraseUserOperation, { params });
          return context.redirect(`${people}?done=erased`, 303);
        },
      },
      (shown) => personPage(context, shown),
    );
  });
}

async function personPage(context: PersonContext, shown: Shown = {}) {
  const params = context.req.param();
  const { slug, id } = params;
  const { view } = context.var;
  const query = { cursor: context.req.query("cursor") };
  const [{ scimUrl, settings }, person, history] = await Promise.all([
    ask(context, getTenantOperation, { params: { slug } }),
    ask(context, getUserOperation, { params, query: { attributes: "true" } }),
    ask(context, getUserHistoryOperation, { params, query }),
  ]);
  const path = `/console/t/${slug}/people/${id}`;
  return page(
    context,
    {
      title: nameOf(person),
      slug,
      section: "people",
      done: sentenceOf(context, DONE),
      refusal: shown.refusal,
    },
    <>
      {shown.once}
      <PersonFacts person={person} slug={slug} />
      <PersonDepartments
        view={view}
        slug={slug}
        path={path}
        person={person}
        settings={settings}
        shown={shown}
      />
      <PersonActions view={view} path={path} person={person} settings={settings} shown={shown} />
      <h2>Attributes</h2>
      {person.adoptedAt !== null && (
        <p class="hint">By hand is what nobody has changed since the adoption.</p>
      )}
      <StoredAttributes person={person} />
      <h2>History</h2>
      <ChangeRows
        changes={history.items}
        view={view}
        slug={slug}
        scimUrl={scimUrl}
        names={new Map([[id, nameOf(person)]])}
      />
      <Pager path={path} query={query} nextCursor={history.nextCursor} />
    </>,
  );
}
