import type { Context, Hono } from "hono";

import { getDepartmentOperation } from "../../operations/departments/get-department.ts";
import { listDepartmentsOperation } from "../../operations/departments/list-departments.ts";
import { mergeDepartmentsOperation } from "../../operations/departments/merge-departments.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { page } from "../page.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { linkedBy, peopleOf } from "../parts/department-words.tsx";
import { TextField } from "../parts/field.tsx";
import { Notice } from "../parts/notice.tsx";
import { Pager, withQuery } from "../parts/pager.tsx";
import { PostForm } from "../parts/post-form.tsx";
import { requireTypedName, TypedName } from "../parts/typed-name.tsx";
import { runForm, type Shown } from "../run-form.ts";

const PATH = "/console/t/:slug/departments/:id/merge";

export function mergeDepartmentRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, (context) => mergePage(context));

  app.post(PATH, (context) => {
    const params = context.req.param();
    return runForm(
      context,
      {
        async merge(form) {
          const { name } = await ask(context, getDepartmentOperation, { params });
          requireTypedName(form, name);
          const body = { into: form.text("into") };
          const { id } = await ask(context, mergeDepartmentsOperation, { params, body });
          return context.redirect(`/console/t/${params.slug}/departments/${id}?done=merged`, 303);
        },
      },
      (shown) => mergePage(context, shown),
    );
  });
}

async function mergePage(context: Context<ConsoleEnv, typeof PATH>, shown: Shown = {}) {
  const params = context.req.param();
  const { slug, id } = params;
  const { view } = context.var;
  const { q, cursor } = context.req.query();
  const query = { q, cursor };
  const [department, departments] = await Promise.all([
    ask(context, getDepartmentOperation, { params }),
    ask(context, listDepartmentsOperation, { params: { slug }, query }),
  ]);
  const { name, memberCount } = department;
  const path = `/console/t/${slug}/departments/${id}/merge`;
  const others = departments.items.filter((other) => other.id !== id);
  return page(
    context,
    {
      title: `Merge ${name} into another department`,
      slug,
      section: "departments",
      refusal: shown.refusal,
    },
    <>
      <p>
        <a href={`/console/t/${slug}/departments/${id}`}>Back to the department</a>
      </p>
      <Notice tone="warn">
        {peopleOf(memberCount)} will move ({linkedBy(department)}). Groups that feed {name} feed the
        other department from then on, and people whose attribute names {name} stay there as long as
        the attribute says the same. The other department keeps its name and history; {name} is
        gone. This cannot be undone.
      </Notice>
      <form class="inline" role="search">
        <TextField label="Name begins with" name="q" type="search" value={q ?? ""} />
        <button class="quiet">Search</button>
      </form>
      <PostForm view={view} action={withQuery(path, query)} does="merge" class="">
        <DataTable
          caption="Departments to merge into"
          columns={["Choose", "Name", "People"]}
          empty="There is no other department here."
          rows={others.map((other) => [
            <input
              type="radio"
              name="into"
              value={other.id}
              required
              checked={shown.form?.text("into") === other.id}
              aria-label={other.name}
            />,
            other.name,
            other.memberCount.toLocaleString("en"),
          ])}
        />
        {others.length > 0 && (
          <>
            <TypedName name={name} />
            <div class="actions">
              <button class="danger">Merge</button>
            </div>
          </>
        )}
      </PostForm>
      <Pager path={path} query={query} nextCursor={departments.nextCursor} />
    </>,
  );
}
