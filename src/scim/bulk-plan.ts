import { firstOfCircle } from "./bulk-circle.ts";
import { type BulkLinks, type BulkPosts, linkOperations, postsOf } from "./bulk-links.ts";
import { splitReferences } from "./bulk-references.ts";
import type { BulkCall, BulkOperation, BulkRequest } from "./bulk-request.ts";
import { invalidValue, type ScimError } from "./error.ts";
import type { JsonValue } from "./json.ts";

/** What to do next. Calls and data still hold their references. */
export type BulkStep =
  | { readonly kind: "refuse"; readonly operation: BulkOperation; readonly error: ScimError }
  | {
      readonly kind: "call";
      readonly operation: BulkOperation;
      /** Without what a later step completes. */
      readonly call: BulkCall;
    }
  | {
      readonly kind: "complete";
      /** A POST of an earlier step. */
      readonly operation: BulkOperation;
      /** What is to be added to its resource, by a PATCH without a path. */
      readonly withheld: JsonValue;
    };

export interface BulkPlan {
  /** One for every operation, and one more for each that is completed later. */
  readonly steps: readonly BulkStep[];
  readonly posts: BulkPosts;
}

/**
 * The order in which a bulk request is carried out (RFC 7644 §3.7): as given, except that an operation waits for those
 * that it refers to, and for earlier ones on the same resource. Where POSTs refer to each other in a circle (§3.7.1), one
 * of them is created without these references, and completed when the others have been tried. A reference to a `bulkId`
 * that no POST has is refused.
 */
export function planBulk({ operations }: BulkRequest): BulkPlan {
  const posts = postsOf(operations);
  const links = new Map(linkOperations(operations, posts).map((each) => [each.operation, each]));
  const waiting = new Set(operations);
  const incomplete = new Map<BulkOperation, JsonValue>();
  const steps: BulkStep[] = [];

  const blockersOf = (operation: BulkOperation): Set<BulkOperation> => {
    const { after = NONE, creator } = links.get(operation) ?? {};
    const isIncomplete = creator !== undefined && incomplete.has(creator);
    const completion = isIncomplete ? (links.get(creator)?.after ?? NONE) : NONE;
    return new Set([...after, ...completion].filter((other) => waiting.has(other)));
  };
  const isMissing = (bulkId: string) => {
    const post = posts.get(bulkId);
    return post !== undefined && waiting.has(post);
  };

  while (waiting.size > 0) {
    const left = [...waiting];
    const ready = left.find((operation) => blockersOf(operation).size === 0);
    const next = ready ?? firstOfCircle(left, blockersOf);
    const link = next && links.get(next);
    if (link === undefined) break;
    const { step, withheld } = stepOf(link, isMissing);
    steps.push(step);
    waiting.delete(link.operation);
    if (withheld !== undefined) incomplete.set(link.operation, withheld);
    for (const [operation, parts] of incomplete) {
      if (blockersOf(operation).size > 0) continue;
      incomplete.delete(operation);
      steps.push({ kind: "complete", operation, withheld: parts });
    }
  }
  return { steps, posts };
}

const NONE: ReadonlySet<BulkOperation> = new Set();

function stepOf(
  { operation, isDangling }: BulkLinks,
  isMissing: (bulkId: string) => boolean,
): { step: BulkStep; withheld: JsonValue | undefined } {
  const refuse = (error: ScimError) => ({
    step: { kind: "refuse", operation, error } as const,
    withheld: undefined,
  });
  if (operation.kind === "refused") return refuse(operation.error);
  if (isDangling)
    return refuse(invalidValue('A "bulkId:" here is that of no POST of this request.'));
  const { call } = operation;
  if (call.method !== "POST")
    return { step: { kind: "call", operation, call }, withheld: undefined };
  const { kept, withheld } = splitReferences(call.data, call.type, isMissing);
  return { step: { kind: "call", operation, call: { ...call, data: kept ?? {} } }, withheld };
}
