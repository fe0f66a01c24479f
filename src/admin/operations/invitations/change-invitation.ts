import * as z from "zod";

import { changeInvitation } from "../../../directory/invitations/change-invitation.ts";
import type { InvitationAction } from "../../../directory/invitations/decide-change.ts";
import { InvitationView, invitationView } from "../../invitation-view.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { inDirectory } from "../in-directory.ts";
import { TenantParams } from "../tenant-params.ts";
import { REFUSAL_DETAILS } from "./refusal-details.ts";

const operationOf = (
  action: InvitationAction,
  id: "resendInvitation" | "acceptInvitation" | "cancelInvitation",
  summary: string,
) =>
  defineOperation(
    {
      id,
      method: "post",
      path: `/tenants/{slug}/invitations/{id}/${action}`,
      summary,
      status: 200,
      refusals: [404, 409],
      params: TenantParams.extend({ id: z.string() }),
      query: NO_INPUT,
      body: NO_INPUT,
      answer: InvitationView,
    },
    ({ params }, deps, caller) =>
      inDirectory(params.slug, deps, caller, async (directory) => {
        const outcome = await changeInvitation(directory, params.id, action);
        switch (outcome.kind) {
          case "done":
            return { kind: "done", answer: invitationView(outcome.invitation) };
          case "refused":
            return { kind: "conflict", detail: REFUSAL_DETAILS[outcome.why] };
          case "unknown":
            return { kind: "not-found", detail: "This tenant has no invitation of this id." };
        }
      }),
  );

export const resendInvitationOperation = operationOf(
  "resend",
  "resendInvitation",
  "Send an invitation again, at once",
);
export const acceptInvitationOperation = operationOf(
  "accept",
  "acceptInvitation",
  "Note that a person has accepted: they are never invited again",
);
export const cancelInvitationOperation = operationOf(
  "cancel",
  "cancelInvitation",
  "Cancel an invitation that is queued",
);
