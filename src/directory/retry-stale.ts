import { unavailable } from "../scim/error.ts";
import type { DirectoryContext } from "./context.ts";
import { MembersChanged } from "./members-changed.ts";

const ATTEMPTS = 8;
const DEADLINE_MS = 2_000;
const FIRST_PAUSE_MS = 10;

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
 * Runs load → compute → commit until it is not overtaken: at most 8 times within 2 seconds, with jitter, then
 * 503. Never 409: an IdP would take the resource for a duplicate.
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
  throw unavailable(
    "Many writes reached this resource at once. Nothing was changed; send it again.",
    1,
  );
}
