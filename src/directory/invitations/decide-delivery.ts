import type { Settings } from "../../tenancy/settings.ts";
import type { MailOutcome } from "../mail/ports.ts";
import type { Invitee } from "./invitation.ts";
import type { Settlement } from "./queue.ts";

const MINUTE_MS = 60_000;

/** Pauses behind the attempts before the last: a restart of the sender, an hour's quota, a bad day. */
const BACKOFF_MINUTES = [5, 30, 120, 720] as const;
export const MAX_ATTEMPTS = BACKOFF_MINUTES.length + 1;

/** When the next attempt may be made, should this one (the first is 1) leave nothing behind. */
export function nextAttemptAt(attempt: number, now: number): string {
  const minutes = BACKOFF_MINUTES[attempt - 1] ?? BACKOFF_MINUTES[BACKOFF_MINUTES.length - 1] ?? 0;
  return new Date(now + minutes * MINUTE_MS).toISOString();
}

/** Whether somebody whose invitation is due is still to be invited. */
export const isStillInvited = (
  person: Invitee | undefined,
  setting: Settings["invitations"],
): person is Invitee & { email: string } =>
  setting !== "off" && person !== undefined && person.active && person.email !== null;

/** What a mail's outcome means for its invitation; `attempt` counts from 1. */
export function settlementOf(outcome: MailOutcome, attempt: number): Settlement {
  switch (outcome.kind) {
    case "accepted":
      return { kind: "sent" };
    case "undeliverable":
      return { kind: "failed", error: outcome.code };
    case "closed":
      return { kind: "unclaimed", error: outcome.code };
    case "failed":
      return { kind: attempt < MAX_ATTEMPTS ? "again" : "failed", error: outcome.code };
  }
}
