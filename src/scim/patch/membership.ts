import { mutability } from "../error.ts";
import type { Filter } from "../filter/ast.ts";
import { matches } from "../filter/match.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { MEMBERS } from "../schema/group.ts";
import type { AttributeTarget, PatchOperation } from "./operation.ts";

/** What a PATCH does to the members of a group, as sets: first the clearing, then the rest, in any order. */
export interface MembershipDelta {
  /** Every member that is not in `added` goes. `removed` is empty then. */
  readonly cleared: boolean;
  /** Distinct ids, some of which may be members already. */
  readonly added: string[];
  /** Distinct ids, none of them in `added`, some of which may be no members. */
  readonly removed: string[];
}

/**
 * Separates what a PATCH does to the members from what it does to the document. Promises that the delta has the effect
 * of the operations in their order, and that it names only ids that the request names: a group of 100,000 members is
 * never loaded to change one, unless a filter chooses among all of them (`choosesAmongMembers`): then `present` says
 * who they are. `type` and `display` of members are ignored, they follow from the member itself.
 */
export function splitMembership(
  operations: readonly PatchOperation[],
  present?: readonly PresentMember[],
): {
  membership: MembershipDelta;
  rest: PatchOperation[];
} {
  const delta: Delta = { cleared: false, added: new Set(), removed: new Set(), present };
  const rest: PatchOperation[] = [];
  for (const operation of operations) {
    const { target } = operation;
    if (target.kind === "attribute" && target.path.attribute === MEMBERS)
      apply(delta, operation, target);
    else rest.push(operation);
  }
  return {
    membership: { cleared: delta.cleared, added: [...delta.added], removed: [...delta.removed] },
    rest,
  };
}

/** A member that a group has, as a filter sees it. */
export interface PresentMember {
  readonly value: string;
  readonly type: string;
}

/**
 * Whether a filter in the operations chooses members by anything but their ids: only who knows all members of the
 * group can say whom it means, and gives them to `splitMembership`.
 */
export function choosesAmongMembers(operations: readonly PatchOperation[]): boolean {
  return operations.some(
    ({ target }) =>
      target.kind === "attribute" &&
      target.path.attribute === MEMBERS &&
      target.valueFilter !== undefined &&
      namedIds(target.valueFilter) === undefined,
  );
}

interface Delta {
  cleared: boolean;
  readonly added: Set<string>;
  readonly removed: Set<string>;
  readonly present: readonly PresentMember[] | undefined;
}

function apply(delta: Delta, { op, value }: PatchOperation, target: AttributeTarget): void {
  const { subAttribute } = target.path;
  if (subAttribute !== undefined && subAttribute.name !== "value") return;
  const isNamedRemoval = op === "remove" && target.valueFilter !== undefined;
  if (subAttribute !== undefined && op !== "add" && !isNamedRemoval) {
    // RFC 7643 §4.2: it is immutable, and without a filter it would be that of every member.
    throw mutability('"members.value" cannot be changed. Add or remove the member.');
  }
  if (target.valueFilter !== undefined)
    return applyToNamed(delta, op, target, target.valueFilter, value);
  const ids = idsIn(value);
  if (op === "replace" || value === undefined) clear(delta);
  if (op === "remove") remove(delta, ids);
  else add(delta, ids);
}

function applyToNamed(
  delta: Delta,
  op: PatchOperation["op"],
  target: AttributeTarget,
  filter: Filter,
  value: JsonValue | undefined,
): void {
  const named = namedIds(filter) ?? chosenIds(filter, delta);
  if (op === "remove" || value === undefined)
    return op === "add" ? undefined : remove(delta, named);
  const isPart = target.path.subAttribute === undefined && isJsonObject(value);
  const ids = isPart ? idsIn(value["value"]) : idsIn(value);
  if (op === "replace" && ids.length > 0) remove(delta, named);
  add(delta, ids.length > 0 ? ids : named);
}

/** The ids of those members at this point of the request whom a filter chooses. */
function chosenIds(filter: Filter, { cleared, added, removed, present = [] }: Delta): string[] {
  const stayed = cleared ? [] : present.filter(({ value }) => !removed.has(value));
  const there = new Set(stayed.map(({ value }) => value));
  const joined = [...added].filter((id) => !there.has(id));
  const elements: JsonObject[] = [
    ...stayed.map(({ value, type }) => ({ value, type })),
    ...joined.map((value) => ({ value })),
  ];
  return idsIn(elements.filter((element) => matches(filter, element)).map(({ value }) => value));
}

/** The ids that a filter can only mean, or undefined when it may mean members that it does not name. */
function namedIds(filter: Filter): string[] | undefined {
  switch (filter.kind) {
    case "compare":
      if (filter.operator !== "eq" || typeof filter.value !== "string") return undefined;
      return filter.path.attribute.name === "value" ? [filter.value] : undefined;
    case "or": {
      const left = namedIds(filter.left);
      const right = namedIds(filter.right);
      return left && right && [...left, ...right];
    }
    case "and": {
      const left = namedIds(filter.left);
      const right = namedIds(filter.right);
      if (left !== undefined && right !== undefined) return left.filter((id) => right.includes(id));
      const isLabelled = isTypeTest(left === undefined ? filter.left : filter.right);
      return isLabelled ? (left ?? right) : undefined;
    }
    case "not":
    case "present":
    case "valuePath":
      return undefined;
  }
}

/** An id names one member, whatever its type: `value eq "id" and type eq "User"`. */
function isTypeTest(filter: Filter): boolean {
  return (
    filter.kind === "compare" && filter.operator === "eq" && filter.path.attribute.name === "type"
  );
}

/** In its canonical form, a value of `members` or of `members.value` holds nothing but ids. */
function idsIn(value: JsonValue | readonly (JsonValue | undefined)[] | undefined): string[] {
  return (Array.isArray(value) ? value : [value]).filter((id) => typeof id === "string");
}

function clear(delta: Delta): void {
  delta.cleared = true;
  delta.added.clear();
  delta.removed.clear();
}

function add(delta: Delta, ids: readonly string[]): void {
  for (const id of ids) {
    delta.removed.delete(id);
    delta.added.add(id);
  }
}

function remove(delta: Delta, ids: readonly string[]): void {
  for (const id of ids) {
    delta.added.delete(id);
    if (!delta.cleared) delta.removed.add(id);
  }
}
