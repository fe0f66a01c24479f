import type { SkipReason } from "../../../directory/invitations/decide-queueing.ts";
import type { InvitationState } from "../../../directory/invitations/invitation.ts";
import type { Settings } from "../../../tenancy/settings.ts";
import type { Tone } from "./notice.tsx";

export const STATE_WORDS: Record<InvitationState, { readonly tone: Tone; readonly text: string }> =
  {
    queued: { tone: "quiet", text: "Queued" },
    sent: { tone: "ok", text: "Sent" },
    failed: { tone: "bad", text: "Could not be sent" },
    accepted: { tone: "ok", text: "Accepted" },
    cancelled: { tone: "quiet", text: "Cancelled" },
  };

/** Whom the tenant invites by its settings. */
export const wordsOf = ({
  invitations,
  invitationDelayMinutes,
}: Pick<Settings, "invitations" | "invitationDelayMinutes">): string => {
  switch (invitations) {
    case "on-create":
      return `Everybody new is invited ${invitationDelayMinutes} minutes after they arrived.`;
    case "manual":
      return "Nobody is invited automatically: choose whom to invite.";
    case "off":
      return "Invitations are switched off: the setting invitations is “off”. Nothing is sent, and what is queued is cancelled when it is due.";
  }
};

export const SKIP_WORDS: Record<SkipReason, string> = {
  unknown: "not in the directory any more",
  accepted: "accepted already",
  "already-queued": "queued already",
  "already-sent": "sent already",
  inactive: "inactive",
  "no-email": "without an email address",
};

const SENDER = "The address that mail is sent from is not set up. Tell the operator.";
const LIMIT = "The mail service takes no more for now; it is tried again.";

/** The codes of the mail service. */
const ERRORS: Readonly<Record<string, string>> = {
  E_RECIPIENT_SUPPRESSED: "Mail to this address bounced before, or was reported as spam.",
  E_RECIPIENT_NOT_ALLOWED: "This deployment may not send to this address.",
  E_RATE_LIMIT_EXCEEDED: LIMIT,
  E_DAILY_LIMIT_EXCEEDED: LIMIT,
  E_SENDER_NOT_VERIFIED: SENDER,
  E_SENDER_DOMAIN_NOT_AVAILABLE: SENDER,
  TIMEOUT: "The mail service did not answer.",
};

export const errorInWords = (code: string): string =>
  ERRORS[code] ?? `The mail service refused it (${code}). Is the address right?`;
