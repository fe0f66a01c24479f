import type { Operation } from "../journal/change.ts";
import type { ScimError } from "../scim/error.ts";
import type { DirectoryContext } from "./context.ts";

/** What a request asked for; what it would have become is not known. */
export type WriteVerb = Extract<Operation, "create" | "replace" | "patch" | "delete">;

/** Notes in the journal that a write was refused, and why: what an administrator looks for when somebody is missing. */
export function recordRefusal(
  context: DirectoryContext,
  what: {
    readonly operation: WriteVerb;
    readonly resourceType: string;
    readonly resourceId: string | null;
    readonly error: ScimError;
  },
): Promise<void> {
  const { error } = what;
  return context.store.recordRefusal({
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
    diff: [],
  });
}
