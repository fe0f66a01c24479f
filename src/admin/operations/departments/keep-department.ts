import { keepDepartment } from "../../../directory/departments/keep-department.ts";
import { DepartmentView, departmentView } from "../../department-view.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { inDirectory } from "../in-directory.ts";
import { DepartmentParams, noSuchDepartment } from "./department-params.ts";

export const keepDepartmentOperation = defineOperation(
  {
    id: "keepDepartment",
    method: "post",
    path: "/tenants/{slug}/departments/{id}/keep",
    status: 200,
    refusals: [404, 409],
    params: DepartmentParams,
    query: NO_INPUT,
    body: NO_INPUT,
    answer: DepartmentView,
  },
  ({ params }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async (directory) => {
      const outcome = await keepDepartment(directory, params.id);
      switch (outcome.kind) {
        case "kept":
          return {
            kind: "done",
            answer: departmentView(outcome.department, deps.departmentGraceHours),
          };
        case "in-use":
          return {
            kind: "conflict",
            detail: `This department is not orphaned: ${outcome.by === "group" ? "a group feeds it" : "people's department attribute names it"}.`,
          };
        case "unknown":
          return noSuchDepartment;
      }
    }),
);
