import type { DirectoryContext } from "./context.ts";

/** What was read: one resource, all of a kind, or those that a filter finds. */
export type ReadKind = "one" | "list" | "search";

const SAID: Readonly<Record<ReadKind, (segment: string) => string>> = {
  one: (segment) => `One of the ${segment} was read by its id`,
  list: (segment) => `The ${segment} were listed`,
  search: (segment) => `The ${segment} were searched, as Test Connection does`,
};

const ONCE_EVERY_MS = 60_000;

/**
 * Notes in the journal that a token was used to read, as long as SCIM has brought nobody to this tenant: whoever
 * sets it up sees that the connection works. One row for each kind of read and minute. False once there are such
 * people, for then nothing is noted any more: reads of a synchronisation are many and say nothing.
 */
export function recordEarlyRead(
  context: DirectoryContext,
  kind: ReadKind,
  segment: string,
): Promise<boolean> {
  const { actor, at, clock, requestId, store } = context;
  const change = {
    requestId,
    at,
    actor,
    operation: "token",
    resourceType: "Token",
    resourceId: actor.id,
    outcome: "applied",
    status: 200,
    scimType: null,
    reason: `${SAID[kind](segment)}. Provisioning has brought nobody yet.`,
    diff: [],
  } as const;
  return store.recordEarlyRead(change, new Date(clock.now() - ONCE_EVERY_MS).toISOString());
}
