import type { AttributeChange, Change, Operation } from "../journal/change.ts";
import type { ScimError } from "../scim/error.ts";
import type { DirectoryContext } from "./context.ts";

/** What a request asked for; what it would have become is not known. */
export type WriteVerb = Extract<Operation, "create" | "replace" | "patch" | "delete">;

const ONCE_EVERY_MS = 60_000;

/**
 * Notes in the journal that a write was refused, and why: what an administrator looks for when somebody is missing.
 * `of: "tenant"`: every write of the tenant is refused like that, and one row a minute is enough to say so.
 */
export function recordRefusal(
  context: DirectoryContext,
  what: {
    readonly operation: WriteVerb;
    readonly resourceType: string;
    readonly resourceId: string | null;
    /** Whom it was about, where there is no id to say so. */
    readonly names: readonly AttributeChange[];
    readonly error: ScimError;
    readonly of: "resource" | "tenant";
  },
): Promise<void> {
  const { error } = what;
  const { clock, store } = context;
  const change: Change = {
    requestId: context.requestId,
    at: context.at,
    actor: context.actor,
    operation: what.operation,
    resourceType: what.resourceType,
    resourceId: what.resourceId,
    outcome: "refused",
    status: error.status,
    scimType: error.scimType ?? null,
    reason: error.detail,
    diff: what.names,
  };
  return what.of === "resource"
    ? store.recordRefusal(change)
    : store.recordOnce(change, new Date(clock.now() - ONCE_EVERY_MS).toISOString());
}
