import type { InvitationCandidate } from "./ports.ts";

/** Why somebody is not queued. */
export const SKIP_REASONS = [
  "unknown",
  "accepted",
  "already-queued",
  "already-sent",
  "inactive",
  "no-email",
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/**
 * Whether somebody is queued by hand. A failed or cancelled invitation may be tried again; one that was sent is
 * sent again by `resend` only, so that inviting a whole department twice sends no mail twice.
 */
export function decideQueueing({ person, state }: InvitationCandidate): "queue" | SkipReason {
  if (!person) return "unknown";
  switch (state) {
    case "accepted":
      return "accepted";
    case "queued":
      return "already-queued";
    case "sent":
      return "already-sent";
    case undefined:
    case "failed":
    case "cancelled":
      if (!person.active) return "inactive";
      return person.email === null ? "no-email" : "queue";
  }
}
