import { findCircle } from "./bulk-circle.ts";
import { referenceIn, referencesIn, splitReferences } from "./bulk-references.ts";
import type { BulkCall, BulkOperation, BulkRequest } from "./bulk-request.ts";
import { invalidValue, type ScimError } from "./error.ts";
import type { JsonValue } from "./json.ts";

/** What to do next. Calls and data still hold their references. */
export type BulkStep =
  | { readonly kind: "refuse"; readonly operation: BulkOperation; readonly error: ScimError }
  | {
      readonly kind: "call";
      readonly operation: BulkOperation;
      /** Without what a later `complete` adds. */
      readonly call: BulkCall;
    }
  /** Adds to the resource of an earlier step what refers to resources that did not exist then. */
  | { readonly kind: "complete"; readonly operation: BulkOperation; readonly withheld: JsonValue };

export interface BulkPlan {
  /** One for every operation, and one more for each that is completed later. */
  readonly steps: readonly BulkStep[];
}

/**
 * The order in which a bulk request is carried out (RFC 7644 §3.7): as given, except that an operation waits for those
 * that it refers to, and for earlier ones on the same resource. Where POSTs refer to each other in a circle (§3.7.1), one
 * of them is created without these references, and completed as soon as the others have been tried. A reference to a
 * `bulkId` that no POST has is refused beforehand.
 */
export function planBulk({ operations }: BulkRequest): BulkPlan {
  const posts = new Map<string, BulkOperation>();
  for (const operation of operations) {
    const { method, bulkId } = operation;
    if (method === "POST" && bulkId !== undefined && !posts.has(bulkId)) posts.set(bulkId, operation);
  }
  const waiting = new Set(linkOperations(operations, posts));
  const tried = new Set<BulkOperation>();
  const incomplete = new Map<BulkOperation, Node>();
  const steps: BulkStep[] = [];

  const blockers = (node: Node): BulkOperation[] => {
    const target = node.target && incomplete.get(node.target);
    return [...node.after, ...(target?.after ?? [])].filter((other) => !tried.has(other));
  };
  while (waiting.size > 0) {
    const nodes = [...waiting];
    const node = nodes.find((each) => blockers(each).length === 0) ?? inCircle(nodes, blockers);
    const { step, withheld } = stepOf(node, (bulkId) => {
      const post = posts.get(bulkId);
      return post !== undefined && !tried.has(post);
    });
    waiting.delete(node);
    tried.add(node.operation);
    steps.push(step);
    if (withheld !== undefined) incomplete.set(node.operation, { ...node, withheld });
    for (const [operation, { after, withheld: parts }] of incomplete) {
      if (parts === undefined || after.some((other) => !tried.has(other))) continue;
      incomplete.delete(operation);
      steps.push({ kind: "complete", operation, withheld: parts });
    }
  }
  return { steps };
}
