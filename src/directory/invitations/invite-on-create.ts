import type { Settings } from "../../tenancy/settings.ts";
import type { Origin, Write } from "../ports.ts";
import type { Invitee } from "./invitation.ts";

const MINUTE_MS = 60_000;

/**
 * Whether somebody new is invited by itself. People enrolled by hand are invited by hand; adopted and reactivated
 * ones are not new, and never come here.
 */
export const isInvitedOnCreate = (
  person: Invitee & { readonly origin: Origin },
  setting: Settings["invitations"],
): boolean =>
  setting === "on-create" && person.origin === "scim" && person.active && person.email !== null;

/**
 * The invitation of somebody whom the same plan creates. The delay absorbs the people whom validators and trial
 * runs create and remove within minutes: their removal withdraws it before anything is sent.
 */
export function inviteOnCreate(
  { settings, at }: { readonly settings: Settings; readonly at: string },
  person: Invitee & { readonly id: string; readonly origin: Origin },
): Write[] {
  if (!isInvitedOnCreate(person, settings.invitations)) return [];
  const dueAt = Date.parse(at) + settings.invitationDelayMinutes * MINUTE_MS;
  return [{ kind: "queue-invitation", userId: person.id, dueAt: new Date(dueAt).toISOString() }];
}
