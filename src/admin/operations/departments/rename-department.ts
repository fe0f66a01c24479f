import { renameDepartment } from "../../../directory/departments/rename-department.ts";
import { DepartmentView, departmentView } from "../../department-view.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { inDirectory } from "../in-directory.ts";
import {
  DepartmentBody,
  DepartmentParams,
  nameIsTaken,
  noSuchDepartment,
  ownedBy,
} from "./department-params.ts";

export const renameDepartmentOperation = defineOperation(
  {
    id: "renameDepartment",
    method: "patch",
    path: "/tenants/{slug}/departments/{id}",
    status: 200,
    refusals: [404, 409],
    params: DepartmentParams,
    query: NO_INPUT,
    body: DepartmentBody,
    answer: DepartmentView,
  },
  ({ params, body }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async (directory) => {
      const outcome = await renameDepartment(directory, params.id, body.name);
      switch (outcome.kind) {
        case "renamed":
          return {
            kind: "done",
            answer: departmentView(outcome.department, deps.departmentGraceHours),
          };
        case "duplicate":
          return nameIsTaken;
        case "owned":
          return ownedBy(outcome.by);
        case "unknown":
          return noSuchDepartment;
      }
    }),
);
