import { undoAdoption } from "../../../directory/people/change-provenance.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { UserView } from "../../user-view.ts";
import { inDirectory } from "../in-directory.ts";
import { showUser } from "./show-user.ts";
import { UserParams } from "./user-params.ts";

export const undoAdoptionOperation = defineOperation(
  {
    id: "undoAdoption",
    method: "post",
    path: "/tenants/{slug}/users/{id}/unadopt",
    status: 200,
    refusals: [404, 409],
    params: UserParams,
    query: NO_INPUT,
    body: NO_INPUT,
    answer: UserView,
  },
  ({ params }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async (directory) =>
      showUser(directory, await undoAdoption(directory, params.id)),
    ),
);
