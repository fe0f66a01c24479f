import { referenceIn, referencesIn } from "./bulk-references.ts";
import type { BulkOperation } from "./bulk-request.ts";

/** An operation, and what it waits for. */
export interface BulkLinks {
  readonly operation: BulkOperation;
  /** The operations that it refers to, which may be itself, and an earlier one on the same resource. */
  readonly after: ReadonlySet<BulkOperation>;
  /** The POST that creates the resource in its path. */
  readonly creator: BulkOperation | undefined;
  /** Whether it refers to a `bulkId` that no POST has. */
  readonly isDangling: boolean;
}

/** The POST that each `bulkId` belongs to. */
export type BulkPosts = ReadonlyMap<string, BulkOperation>;

export function postsOf(operations: readonly BulkOperation[]): BulkPosts {
  const posts = new Map<string, BulkOperation>();
  for (const operation of operations) {
    const { method, bulkId } = operation;
    if (method === "POST" && bulkId !== undefined) posts.set(bulkId, operation);
  }
  return posts;
}

/**
 * What each operation waits for. Promises that only POSTs can wait for each other in a circle: nothing but a POST is
 * referred to, and operations on one resource wait for earlier ones alone.
 */
export function linkOperations(
  operations: readonly BulkOperation[],
  posts: BulkPosts,
): ReadonlyMap<BulkOperation, BulkLinks> {
  const latest = new Map<string, BulkOperation>();
  const linkOf = (operation: BulkOperation): BulkLinks => {
    if (operation.kind === "refused")
      return { operation, after: new Set(), creator: undefined, isDangling: false };
    const { call } = operation;
    const bulkIds = call.method === "DELETE" ? new Set<string>() : referencesIn(call.data);
    const target = call.method === "POST" ? undefined : referenceIn(call.id);
    if (target !== undefined) bulkIds.add(target);
    const after = new Set<BulkOperation>();
    for (const bulkId of bulkIds) {
      const post = posts.get(bulkId);
      if (post !== undefined) after.add(post);
    }
    if (call.method !== "POST") {
      const resource = `${call.type.name} ${call.id}`;
      const earlier = latest.get(resource);
      if (earlier !== undefined) after.add(earlier);
      latest.set(resource, operation);
    }
    return {
      operation,
      after,
      creator: target === undefined ? undefined : posts.get(target),
      isDangling: [...bulkIds].some((bulkId) => !posts.has(bulkId)),
    };
  };
  return new Map(operations.map((operation) => [operation, linkOf(operation)]));
}
