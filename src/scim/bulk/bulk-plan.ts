import { findCircles } from "./bulk-circle.ts";
import { type BulkLinks, type BulkPosts, linkOperations, postsOf } from "./bulk-links.ts";
import { splitReferences } from "./bulk-references.ts";
import type { BulkCall, BulkOperation, BulkRequest } from "./bulk-request.ts";
import { invalidValue, type ScimError } from "../error.ts";
import type { JsonValue } from "../json.ts";

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
 * that it refers to, and for earlier ones on the same resource. Where POSTs refer to each other in a circle (§3.7.1), the
 * first is created without these references, and completed when the others have been tried. A reference to a `bulkId`
 * that no POST has is refused.
 */
export function planBulk({ operations }: BulkRequest): BulkPlan {
  const posts = postsOf(operations);
  const links = linkOperations(operations, posts);
  const isCircle = findCircles((link: BulkLinks) => afterOf(link, links));
  const waiting = new Set(links.values());
  const incomplete = new Map<BulkLinks, JsonValue>();
  const steps: BulkStep[] = [];
  const blockersOf = (link: BulkLinks): BulkLinks[] => {
    const creator = link.creator && links.get(link.creator);
    const isIncomplete = creator !== undefined && incomplete.has(creator);
    const blockers = [...afterOf(link, links), ...(isIncomplete ? afterOf(creator, links) : [])];
    return blockers.filter((other) => waiting.has(other));
  };

  const choose = () =>
    nextOf(new Map([...waiting].map((link) => [link, blockersOf(link)])), isCircle);
  for (let next = choose(); next !== undefined; next = choose()) {
    const { step, withheld } = stepOf(next, (bulkId) => {
      const post = posts.get(bulkId);
      const link = post && links.get(post);
      return link !== undefined && waiting.has(link);
    });
    steps.push(step);
    waiting.delete(next);
    if (withheld !== undefined) incomplete.set(next, withheld);
    for (const [link, parts] of incomplete) {
      if (blockersOf(link).length > 0) continue;
      incomplete.delete(link);
      steps.push({ kind: "complete", operation: link.operation, withheld: parts });
    }
  }
  return { steps, posts };
}

const afterOf = ({ after }: BulkLinks, links: ReadonlyMap<BulkOperation, BulkLinks>): BulkLinks[] =>
  [...after].map((operation) => links.get(operation)).filter((link) => link !== undefined);

/**
 * The first operation that waits for nothing, or only for others in a circle with it of which none can go ahead. Undefined
 * when nothing is left: while something waits there is one, since where nothing is free, some circle waits for itself alone.
 */
function nextOf(
  blockers: ReadonlyMap<BulkLinks, readonly BulkLinks[]>,
  isCircle: (one: BulkLinks, other: BulkLinks) => boolean,
): BulkLinks | undefined {
  const free = [...blockers.keys()].filter((link) => blockers.get(link)?.length === 0);
  const canGo = (link: BulkLinks, waitsFor: readonly BulkLinks[]) =>
    waitsFor.length === 0 ||
    (waitsFor.every((other) => isCircle(link, other)) &&
      !free.some((other) => isCircle(link, other)));
  for (const [link, waitsFor] of blockers) if (canGo(link, waitsFor)) return link;
  return undefined;
}

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
