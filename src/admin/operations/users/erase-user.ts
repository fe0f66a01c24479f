import { eraseUser } from "../../../directory/people/erase-user.ts";
import { defineOperation, NO_ANSWER, NO_INPUT } from "../../operation.ts";
import { inDirectory } from "../in-directory.ts";
import { outcomeOf, UserParams } from "./user-params.ts";

export const eraseUserOperation = defineOperation(
  {
    id: "eraseUser",
    method: "post",
    path: "/tenants/{slug}/users/{id}/erase",
    status: 204,
    refusals: [404],
    params: UserParams,
    query: NO_INPUT,
    body: NO_INPUT,
    answer: NO_ANSWER,
  },
  ({ params }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async (directory) =>
      outcomeOf(await eraseUser(directory, params.id), () => undefined),
    ),
);
