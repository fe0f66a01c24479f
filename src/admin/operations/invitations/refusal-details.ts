import type { InvitationRefusal } from "../../../directory/invitations/decide-change.ts";

export const INVITATIONS_ARE_OFF =
  "Invitations are switched off for this tenant. Set its setting invitations to manual or on-create.";

/** Why an invitation stays as it is, and what to do. */
export const REFUSAL_DETAILS: Record<InvitationRefusal | "off", string> = {
  off: INVITATIONS_ARE_OFF,
  accepted: "This person has accepted the invitation.",
  sent: "This invitation has been sent already and cannot be called back.",
  failed: "This invitation is not queued: sending it has failed.",
  inactive: "This person is not active. Activate them first.",
  "no-email": "This person has no email address.",
  unknown: "This person is not in the directory any more.",
};
