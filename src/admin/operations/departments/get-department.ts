import { DepartmentView, departmentView } from "../../department-view.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { inDirectory } from "../in-directory.ts";
import { DepartmentParams, noSuchDepartment } from "./department-params.ts";

export const getDepartmentOperation = defineOperation(
  {
    id: "getDepartment",
    method: "get",
    path: "/tenants/{slug}/departments/{id}",
    status: 200,
    refusals: [404],
    params: DepartmentParams,
    query: NO_INPUT,
    body: NO_INPUT,
    answer: DepartmentView,
  },
  ({ params }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async ({ departments }) => {
      const department = await departments.byId(params.id);
      if (!department) return noSuchDepartment;
      return { kind: "done", answer: departmentView(department, deps.departmentGraceHours) };
    }),
);
