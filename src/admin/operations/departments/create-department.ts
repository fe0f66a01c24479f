import { createDepartment } from "../../../directory/departments/create-department.ts";
import { DepartmentView, departmentView } from "../../department-view.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { inDirectory } from "../in-directory.ts";
import { TenantParams } from "../tenant-params.ts";
import { DepartmentBody, nameIsTaken } from "./department-params.ts";

export const createDepartmentOperation = defineOperation(
  {
    id: "createDepartment",
    method: "post",
    path: "/tenants/{slug}/departments",
    status: 201,
    refusals: [404, 409],
    params: TenantParams,
    query: NO_INPUT,
    body: DepartmentBody,
    answer: DepartmentView,
  },
  ({ params, body }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async (directory) => {
      const outcome = await createDepartment(directory, body.name);
      switch (outcome.kind) {
        case "created":
          return {
            kind: "done",
            answer: departmentView(outcome.department, deps.departmentGraceHours),
          };
        case "duplicate":
          return nameIsTaken;
      }
    }),
);
