import * as z from "zod/mini";

import { SKIP_REASONS } from "../../../directory/invitations/decide-queueing.ts";
import { invitePeople } from "../../../directory/invitations/invite-people.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { inDirectory } from "../in-directory.ts";
import { TenantParams } from "../tenant-params.ts";
import { INVITATIONS_ARE_OFF } from "./refusal-details.ts";

const MAX_PEOPLE = 10_000;

export const invitePeopleOperation = defineOperation(
  {
    id: "invitePeople",
    method: "post",
    path: "/tenants/{slug}/invitations",
    status: 200,
    refusals: [404, 409],
    params: TenantParams,
    query: NO_INPUT,
    body: z.strictObject({
      userIds: z
        .array(z.string().check(z.minLength(1), z.maxLength(64)))
        .check(z.minLength(1), z.maxLength(MAX_PEOPLE)),
    }),
    answer: z.object({
      queued: z.int(),
      skipped: z.array(z.object({ userId: z.string(), reason: z.enum(SKIP_REASONS) })),
    }),
  },
  ({ params, body }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async (directory) => {
      const invited = await invitePeople(directory, body.userIds);
      if (!invited) return { kind: "conflict", detail: INVITATIONS_ARE_OFF };
      return { kind: "done", answer: { queued: invited.queued, skipped: [...invited.skipped] } };
    }),
);
