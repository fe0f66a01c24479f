import type { InvitationState, Invitee } from "./invitation.ts";

export type InvitationAction = "resend" | "accept" | "cancel";

export type InvitationDecision =
  | { readonly kind: "move"; readonly to: InvitationState }
  /** It is so already. */
  | { readonly kind: "same" }
  | { readonly kind: "refused"; readonly why: InvitationRefusal };

export type InvitationRefusal =
  | "accepted"
  | "sent"
  | "failed"
  | "inactive"
  | "no-email"
  | "unknown";

/**
 * What a person at the console or the product may do to one invitation. Accepting is a statement of fact, and
 * taken in any state. Whoever has accepted is never invited again, and what was sent cannot be called back.
 */
export function decideChange(
  action: InvitationAction,
  state: InvitationState,
  person: Invitee | undefined,
): InvitationDecision {
  switch (action) {
    case "accept":
      return state === "accepted" ? { kind: "same" } : { kind: "move", to: "accepted" };
    case "cancel":
      if (state === "cancelled") return { kind: "same" };
      return state === "queued"
        ? { kind: "move", to: "cancelled" }
        : { kind: "refused", why: state };
    case "resend":
      if (state === "accepted") return { kind: "refused", why: "accepted" };
      if (!person) return { kind: "refused", why: "unknown" };
      if (!person.active) return { kind: "refused", why: "inactive" };
      if (person.email === null) return { kind: "refused", why: "no-email" };
      return { kind: "move", to: "queued" };
  }
}
