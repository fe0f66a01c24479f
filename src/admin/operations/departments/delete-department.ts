import { deleteDepartment } from "../../../directory/departments/delete-department.ts";
import { defineOperation, NO_ANSWER, NO_INPUT } from "../../operation.ts";
import { inDirectory } from "../in-directory.ts";
import { DepartmentParams, noSuchDepartment, ownedBy } from "./department-params.ts";

export const deleteDepartmentOperation = defineOperation(
  {
    id: "deleteDepartment",
    method: "delete",
    path: "/tenants/{slug}/departments/{id}",
    status: 204,
    refusals: [404, 409],
    params: DepartmentParams,
    query: NO_INPUT,
    body: NO_INPUT,
    answer: NO_ANSWER,
  },
  ({ params }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async (directory) => {
      const outcome = await deleteDepartment(directory, params.id);
      switch (outcome.kind) {
        case "deleted":
          return { kind: "done", answer: undefined };
        case "owned":
          return ownedBy(outcome.by);
        case "unknown":
          return noSuchDepartment;
      }
    }),
);
