import { changeByHand } from "../../../directory/people/change-by-hand.ts";
import { PersonChange } from "../../../directory/people/person-fields.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { UserView } from "../../user-view.ts";
import { inDirectory } from "../in-directory.ts";
import { showUser } from "./show-user.ts";
import { UserParams } from "./user-params.ts";

export const changeUserOperation = defineOperation(
  {
    id: "changeUser",
    method: "patch",
    path: "/tenants/{slug}/users/{id}",
    status: 200,
    refusals: [404, 409],
    params: UserParams,
    query: NO_INPUT,
    body: PersonChange,
    answer: UserView,
  },
  ({ params, body }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async (directory) =>
      showUser(directory, await changeByHand(directory, params.id, body)),
    ),
);
