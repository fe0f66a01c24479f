import { changeBy, type DirectoryContext } from "../context.ts";
import { retryStale, STALE } from "../retry-stale.ts";
import { decideChange, type InvitationAction, type InvitationRefusal } from "./decide-change.ts";
import type { Invitation } from "./invitation.ts";

export type InvitationChange =
  | { readonly kind: "done"; readonly invitation: Invitation }
  | { readonly kind: "refused"; readonly why: InvitationRefusal | "off" }
  | { readonly kind: "unknown" };

/**
 * Resends, accepts or cancels one invitation, with a row in the journal; what is so already writes nothing. One
 * that is sent again is due at once, and takes its full number of attempts. Accepting and cancelling work while
 * the tenant's invitations are switched off too.
 */
export function changeInvitation(
  context: DirectoryContext,
  userId: string,
  action: InvitationAction,
): Promise<InvitationChange> {
  const { invitations, settings, at } = context;
  return retryStale<InvitationChange>(context, async () => {
    const found = await invitations.find(userId);
    if (!found) return { kind: "unknown" };
    if (action === "resend" && settings.invitations === "off")
      return { kind: "refused", why: "off" };
    const { invitation, person } = found;
    const decision = decideChange(action, invitation.state, person);
    switch (decision.kind) {
      case "same":
        return { kind: "done", invitation };
      case "refused":
        return decision;
      case "move": {
        const { to: state } = decision;
        const anew = state === "queued";
        const change = changeBy(context, {
          operation: "invite",
          resourceType: "User",
          resourceId: userId,
          status: 200,
          diff: [{ attribute: "invitation", before: invitation.state, after: state }],
        });
        const to = { state, ...(anew && { dueAt: at }) };
        if ((await invitations.move(userId, invitation.state, to, change)) === "stale")
          return STALE;
        const restarted = { dueAt: at, attempts: 0, lastError: null };
        return { kind: "done", invitation: { ...invitation, state, ...(anew && restarted) } };
      }
    }
  });
}
