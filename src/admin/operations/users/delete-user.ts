import { deleteUser } from "../../../directory/people/delete-user.ts";
import { handOutcome } from "../../../directory/people/hand-outcome.ts";
import { defineOperation, NO_ANSWER, NO_INPUT } from "../../operation.ts";
import { inDirectory } from "../in-directory.ts";
import { outcomeOf, UserParams } from "./user-params.ts";

export const deleteUserOperation = defineOperation(
  {
    id: "deleteUser",
    method: "delete",
    path: "/tenants/{slug}/users/{id}",
    status: 204,
    refusals: [404],
    params: UserParams,
    query: NO_INPUT,
    body: NO_INPUT,
    answer: NO_ANSWER,
  },
  ({ params }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async (directory) =>
      outcomeOf(
        await handOutcome(() => deleteUser(directory, params.id, () => true)),
        () => undefined,
      ),
    ),
);
