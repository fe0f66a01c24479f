import { enrolUser, EnrolUserInput } from "../../../directory/people/enrol-user.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { UserView } from "../../user-view.ts";
import { inDirectory } from "../in-directory.ts";
import { TenantParams } from "../tenant-params.ts";
import { showUser } from "./show-user.ts";

export const enrolUserOperation = defineOperation(
  {
    id: "enrolUser",
    method: "post",
    path: "/tenants/{slug}/users",
    status: 201,
    refusals: [404, 409],
    params: TenantParams,
    query: NO_INPUT,
    body: EnrolUserInput,
    answer: UserView,
  },
  ({ params, body }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async (directory) =>
      showUser(directory, await enrolUser(directory, body)),
    ),
);
