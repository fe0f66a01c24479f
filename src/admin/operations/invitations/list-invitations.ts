import * as z from "zod/mini";

import { INVITATION_STATES } from "../../../directory/invitations/invitation.ts";
import { InvitationView, invitationView } from "../../invitation-view.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { nextCursor, pageQuery } from "../../paging.ts";
import { inDirectory } from "../in-directory.ts";
import { TenantParams } from "../tenant-params.ts";

const LIST = "invitations";

export const listInvitationsOperation = defineOperation(
  {
    id: "listInvitations",
    method: "get",
    path: "/tenants/{slug}/invitations",
    status: 200,
    refusals: [404],
    params: TenantParams,
    query: z.object({ ...pageQuery(LIST), state: z.optional(z.enum(INVITATION_STATES)) }),
    body: NO_INPUT,
    answer: z.object({ items: z.array(InvitationView), nextCursor: z.nullable(z.string()) }),
  },
  ({ params, query }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async ({ invitations }) => {
      const { limit, cursor, state } = query;
      const page = await invitations.list({ limit, cursor, state });
      const items = page.items.map(invitationView);
      return { kind: "done", answer: { items, nextCursor: nextCursor(LIST, page.nextCursor) } };
    }),
);
