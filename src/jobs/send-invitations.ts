import {
  isStillInvited,
  nextAttemptAt,
  settlementOf,
} from "../directory/invitations/decide-delivery.ts";
import type { DueInvitation, InvitationQueue } from "../directory/invitations/queue.ts";
import type { Mail, Mailer } from "../directory/mail/ports.ts";
import type { Clock, Ids } from "../tenancy/clock.ts";
import { settingsOf } from "../tenancy/presets.ts";
import { eachDatabase } from "./each-database.ts";

const DAY_MS = 24 * 60 * 60_000;
/** Mails under way at once; the runtime opens six connections and lets the others wait. */
const CHUNK = 25;
/** 500 mails a run: each is a subrequest, and an invocation has 1,000, D1's queries included. */
const CHUNKS_PER_RUN = 20;

export interface SendInvitationsDeps {
  /** One for each database. */
  readonly queues: readonly InvitationQueue[];
  /** Undefined: the deployment sends no mail. Invitations stay queued, and the journal tells the product. */
  readonly mailer: Mailer | undefined;
  readonly compose: (invitation: {
    readonly to: string;
    readonly tenantName: string;
    readonly userId: string;
  }) => Mail;
  /** From the control database. A tenant that is not among them is gone. */
  readonly tenantNames: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** An invitation with all that its mail needs. */
interface Sendable {
  readonly invitation: DueInvitation;
  readonly to: string;
  readonly tenantName: string;
}

/** Those that are still wanted, with what their mails need, and the others. */
function sort(due: readonly DueInvitation[], names: ReadonlyMap<string, string>) {
  const wanted: Sendable[] = [];
  const unwanted: DueInvitation[] = [];
  for (const invitation of due) {
    const { person, preset, overrides, tenantId } = invitation;
    const tenantName = names.get(tenantId);
    const isWanted = isStillInvited(person, settingsOf(preset, overrides).invitations);
    if (tenantName !== undefined && isWanted)
      wanted.push({ invitation, to: person.email, tenantName });
    else unwanted.push(invitation);
  }
  return { wanted, unwanted };
}

/** Claims and sends; `over` when the lease is lost or the sender takes nothing now. */
async function send(
  queue: InvitationQueue,
  fencing: number,
  sendables: readonly Sendable[],
  mailer: Mailer,
  { compose, clock }: SendInvitationsDeps,
): Promise<"more" | "over"> {
  const now = clock.now();
  const claims = sendables.map(({ invitation }) => ({
    invitation,
    nextAt: nextAttemptAt(invitation.attempts + 1, now),
  }));
  const claimed = await queue.claim(fencing, claims);
  if (claimed === "lease-lost") return "over";
  const results = await Promise.all(
    sendables
      .filter(({ invitation }) => claimed.has(invitation))
      .map(async ({ invitation, to, tenantName }) => {
        const outcome = await mailer.send(compose({ to, tenantName, userId: invitation.userId }));
        return { invitation, settlement: settlementOf(outcome, invitation.attempts + 1) };
      }),
  );
  await queue.settle(results, new Date(clock.now()).toISOString());
  return results.some(({ settlement }) => settlement.kind === "unclaimed") ? "over" : "more";
}

async function workOn(
  queue: InvitationQueue,
  fencing: number,
  deps: SendInvitationsDeps,
): Promise<void> {
  const { clock, mailer, tenantNames } = deps;
  for (let chunk = 0; chunk < CHUNKS_PER_RUN; chunk++) {
    const now = clock.now();
    const at = new Date(now).toISOString();
    const due = await queue.due(at, CHUNK);
    if (due.length === 0) return;
    const names = await tenantNames([...new Set(due.map(({ tenantId }) => tenantId))]);
    const { wanted, unwanted } = sort(due, names);
    if (unwanted.length > 0 && (await queue.cancel(fencing, unwanted, at)) === "lease-lost") return;
    if (wanted.length === 0) continue;
    if (mailer !== undefined) {
      if ((await send(queue, fencing, wanted, mailer, deps)) === "over") return;
      continue;
    }
    const invitations = wanted.map(({ invitation }) => invitation);
    const times = { now: at, nextAt: new Date(now + DAY_MS).toISOString() };
    if ((await queue.announce(fencing, invitations, times)) === "lease-lost") return;
  }
}

/**
 * Sends the invitations that are due. Each is claimed before it is sent (an attempt counted, the next one put
 * off), so that two runs never send the same one at the same moment, and marked as sent only when the sender has
 * taken it. A run that dies in between leaves a claim that comes due again: at least once, which is all that mail
 * can promise. Five attempts, then it is failed. A tenant that is not active is left alone.
 *
 * Without a mailer an invitation is the product's business: it stays queued, a row `invite` in the journal tells
 * the product that its time has come, and the product says through the API when the person has accepted.
 */
export function sendInvitations(deps: SendInvitationsDeps): Promise<void> {
  return eachDatabase(deps.queues, deps, async (queue, fencing) => {
    await workOn(queue, fencing, deps);
    return undefined;
  });
}
