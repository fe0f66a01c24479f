import { changeBy, type DirectoryContext } from "../context.ts";
import { retryStale, STALE } from "../retry-stale.ts";
import { decideQueueing, type SkipReason } from "./decide-queueing.ts";

/** More would not fit into a row of the journal: then it tells how many there were. */
const MAX_IDS_TOLD = 16;

export interface Invited {
  readonly queued: number;
  readonly skipped: readonly { readonly userId: string; readonly reason: SkipReason }[];
}

/**
 * Queues the invitations of up to 10,000 people, due at once, as one write with one row in the journal; an id
 * that is named twice counts once. Undefined: the tenant's invitations are switched off.
 */
export async function invitePeople(
  context: DirectoryContext,
  userIds: readonly string[],
): Promise<Invited | undefined> {
  const { settings, invitations, at } = context;
  if (settings.invitations === "off") return undefined;
  return retryStale<Invited>(context, async () => {
    const candidates = await invitations.candidates([...new Set(userIds)]);
    const decided = candidates.map((candidate) => ({
      userId: candidate.userId,
      decision: decideQueueing(candidate),
    }));
    const chosen = decided.flatMap(({ userId, decision }) =>
      decision === "queue" ? [userId] : [],
    );
    const skipped = decided.flatMap(({ userId, decision }) =>
      decision === "queue" ? [] : [{ userId, reason: decision }],
    );
    if (chosen.length === 0) return { queued: 0, skipped };
    const [only, ...others] = chosen;
    const told = chosen.length <= MAX_IDS_TOLD ? { ids: chosen } : { count: chosen.length };
    const change = changeBy(context, {
      operation: "invite",
      resourceType: "User",
      resourceId: others.length === 0 ? (only ?? null) : null,
      status: 200,
      diff: [{ attribute: "invitations", after: { state: "queued", ...told } }],
    });
    const outcome = await invitations.queue(chosen, at, change);
    return outcome === "queued" ? { queued: chosen.length, skipped } : STALE;
  });
}
