import type { Context, Hono } from "hono";

import type { Settings } from "../../../tenancy/settings.ts";
import { createDepartmentOperation } from "../../operations/departments/create-department.ts";
import { listDepartmentsOperation } from "../../operations/departments/list-departments.ts";
import { runReconciliationOperation } from "../../operations/reconciliations/run-reconciliation.ts";
import { getTenantOperation } from "../../operations/tenants/get-tenant.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { page } from "../page.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { DepartmentState, linkedBy, SOURCE_WORDS } from "../parts/department-words.tsx";
import { SelectField, TextField } from "../parts/field.tsx";
import { Pager } from "../parts/pager.tsx";
import { PostButton, PostForm } from "../parts/post-form.tsx";
import { RunSummary } from "../parts/run-summary.tsx";
import { runForm, sentenceOf, type Shown } from "../run-form.ts";

const PATH = "/console/t/:slug/departments";
const DONE = {
  deleted: "The department is deleted. Nobody is assigned to it any more.",
};
const STATES = [
  ["", "all"],
  ["false", "in use"],
  ["true", "orphaned"],
] as const;

export function departmentsRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, (context) => departmentsPage(context));

  app.post(PATH, (context) => {
    const slug = context.req.param("slug");
    return runForm(
      context,
      {
        async create(form) {
          const { id } = await ask(context, createDepartmentOperation, {
            params: { slug },
            body: { name: form.text("name") },
          });
          return context.redirect(`/console/t/${slug}/departments/${id}?done=created`, 303);
        },
        async reconcile() {
          const run = await ask(context, runReconciliationOperation, { body: { tenant: slug } });
          return { once: <RunSummary run={run} /> };
        },
      },
      (shown) => departmentsPage(context, shown),
    );
  });
}

async function departmentsPage(context: Context<ConsoleEnv, typeof PATH>, shown: Shown = {}) {
  const slug = context.req.param("slug");
  const { view } = context.var;
  const params = { slug };
  const { q, orphaned, cursor } = context.req.query();
  const query = { q, orphaned, cursor };
  const [{ settings }, departments] = await Promise.all([
    ask(context, getTenantOperation, { params }),
    ask(context, listDepartmentsOperation, { params, query }),
  ]);
  const path = `/console/t/${slug}/departments`;
  return page(
    context,
    {
      title: "Departments",
      slug,
      section: "departments",
      done: sentenceOf(context, DONE),
      refusal: shown.refusal,
    },
    <>
      {shown.once}
      <p>{origins(settings)}</p>
      <form class="inline" role="search">
        <TextField label="Name begins with" name="q" type="search" value={q ?? ""} />
        <SelectField label="Show" name="orphaned" options={STATES} value={orphaned} />
        <button class="quiet">Search</button>
      </form>
      <DataTable
        caption="Departments"
        columns={["Name", "Made by", "People", "Linked by", "State"]}
        empty={
          q || orphaned
            ? "No department fits."
            : "There is no department yet. Make one below, or let the identity provider send them."
        }
        rows={departments.items.map((department) => [
          <a href={`${path}/${department.id}`}>{department.name}</a>,
          SOURCE_WORDS[department.origin],
          department.memberCount.toLocaleString("en"),
          linkedBy(department),
          <DepartmentState department={department} />,
        ])}
      />
      <Pager path={path} query={query} nextCursor={departments.nextCursor} />
      {view.may("createDepartment") && (
        <>
          <h2>Make a department by hand</h2>
          <PostForm view={view} action={path} does="create">
            <TextField
              label="Name"
              name="name"
              required
              value={shown.form?.text("name") ?? ""}
              hint="The synchronisation neither renames nor retires it. A group or an attribute of the same name feeds it."
            />
            <div class="actions">
              <button>Make it</button>
            </div>
          </PostForm>
        </>
      )}
      {view.may("runReconciliation") && (
        <>
          <h2>Reconciliation</h2>
          <p>
            Regularly by itself: it repairs links, marks departments that nothing refers to any more
            as orphaned, and retires those that were so for long enough. If more than 5 % of the
            departments, and more than 10, would go at once, none does and an alert is raised.
          </p>
          <PostButton view={view} action={path} does="reconcile" tone="quiet">
            Reconcile now
          </PostButton>
        </>
      )}
    </>,
  );
}

/** Where departments come from by the tenant's settings. */
function origins({ groups, departmentAttribute, departmentsPerUser }: Settings): string {
  const sources = [
    ...(groups === "departments" ? ["groups"] : []),
    ...(departmentAttribute === "department" ? ["the department attribute of people"] : []),
    "what you assign by hand",
  ];
  const from = `Departments come from ${sources.join(", ").replace(/, (?=what)/, " and ")}.`;
  return departmentsPerUser === "many"
    ? `${from} A person may be in several.`
    : `${from} Each person is in one: the group that they joined last counts, else what was assigned by hand, else the attribute.`;
}
