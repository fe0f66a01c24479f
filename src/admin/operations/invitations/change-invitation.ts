import * as z from "zod/mini";

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
) =>
  defineOperation(
    {
      id,
      method: "post",
      path: `/tenants/{slug}/invitations/{id}/${action}`,
      status: 200,
      refusals: [404, 409],
      params: z.extend(TenantParams, { id: z.string() }),
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

export const resendInvitationOperation = operationOf("resend", "resendInvitation");
export const acceptInvitationOperation = operationOf("accept", "acceptInvitation");
export const cancelInvitationOperation = operationOf("cancel", "cancelInvitation");
