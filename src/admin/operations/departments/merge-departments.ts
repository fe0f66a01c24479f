import * as z from "zod/mini";

import { mergeDepartments } from "../../../directory/departments/merge-departments.ts";
import { DepartmentView, departmentView } from "../../department-view.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { inDirectory } from "../in-directory.ts";
import { DepartmentParams, noSuchDepartment } from "./department-params.ts";

export const mergeDepartmentsOperation = defineOperation(
  {
    id: "mergeDepartments",
    method: "post",
    path: "/tenants/{slug}/departments/{id}/merge",
    status: 200,
    refusals: [404, 409],
    params: DepartmentParams,
    query: NO_INPUT,
    body: z.strictObject({ into: z.string().check(z.describe("The id of the other one.")) }),
    answer: DepartmentView,
  },
  ({ params, body }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async (directory) => {
      const outcome = await mergeDepartments(directory, params.id, body.into);
      switch (outcome.kind) {
        case "merged":
          return {
            kind: "done",
            answer: departmentView(outcome.department, deps.departmentGraceHours),
          };
        case "unknown":
          return noSuchDepartment;
        case "unknown-target": {
          const message = "Name another department of this tenant.";
          return { kind: "invalid", errors: [{ path: "into", message }] };
        }
      }
    }),
);
