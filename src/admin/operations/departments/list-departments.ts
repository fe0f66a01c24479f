import * as z from "zod/mini";

import { Label } from "../../../tenancy/label.ts";
import { DepartmentView, departmentView } from "../../department-view.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { nextCursor, pageQuery } from "../../paging.ts";
import { inDirectory } from "../in-directory.ts";
import { TenantParams } from "../tenant-params.ts";

const LIST = "departments";

export const listDepartmentsOperation = defineOperation(
  {
    id: "listDepartments",
    method: "get",
    path: "/tenants/{slug}/departments",
    status: 200,
    refusals: [404],
    params: TenantParams,
    query: z.object({
      q: z.optional(Label).check(z.describe("The beginning of a name.")),
      orphaned: z
        .optional(
          z.pipe(
            z.enum(["true", "false"]),
            z.transform((orphaned) => orphaned === "true"),
          ),
        )
        .check(z.describe("Only those that nothing refers to, or only the others.")),
      ...pageQuery(LIST),
    }),
    body: NO_INPUT,
    answer: z.object({ items: z.array(DepartmentView), nextCursor: z.nullable(z.string()) }),
  },
  ({ params, query }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async ({ departments }) => {
      const { limit, cursor, orphaned, q } = query;
      const page = await departments.list({ limit, cursor, orphaned, q });
      const items = page.items.map((one) => departmentView(one, deps.departmentGraceHours));
      return { kind: "done", answer: { items, nextCursor: nextCursor(LIST, page.nextCursor) } };
    }),
);
