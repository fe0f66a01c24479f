import { StorageUnavailable } from "../tenancy/unavailable.ts";
import type { DirectoryContext } from "./context.ts";
import { MembersChanged } from "./groups/members-changed.ts";

const ATTEMPTS = 8;
const DEADLINE_MS = 2_000;
const FIRST_PAUSE_MS = 10;
const RETRY_AFTER_SECONDS = 1;

export const STALE = Symbol("stale");

async function overtaken<Result>(attempt: () => Promise<Result>): Promise<Result | typeof STALE> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof MembersChanged) return STALE;
    throw error;
  }
}

/**
 * Runs load → compute → commit until it is not overtaken: at most 8 times within 2 seconds, with jitter. Then
 * it throws `StorageUnavailable`, which is 503 for SCIM and for administrators. Never 409: an IdP would take the
 * resource for a duplicate.
 */
export async function retryStale<Result>(
  context: Pick<DirectoryContext, "clock" | "pause" | "random">,
  attempt: () => Promise<Result | typeof STALE>,
): Promise<Result> {
  const start = context.clock.now();
  for (let tried = 0; tried < ATTEMPTS; tried++) {
    const result = await overtaken(attempt);
    if (result !== STALE) return result;
    if (context.clock.now() - start > DEADLINE_MS) break;
    await context.pause(context.random() * FIRST_PAUSE_MS * 2 ** tried);
  }
  throw new StorageUnavailable(RETRY_AFTER_SECONDS);
}
