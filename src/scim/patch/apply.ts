import { invalidValue, mutability } from "../error.ts";
import { printPath } from "../filter/print.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { Attribute, ResourceType } from "../schema/attribute.ts";
import { settleElements } from "../value/settle-elements.ts";
import { applyForeign } from "./apply-foreign.ts";
import { applyValuePath } from "./apply-value-path.ts";
import { inDocumentOrder } from "./document-order.ts";
import { asObject, checkChange, mergePart } from "./merge-part.ts";
import { listOf, mergeValue } from "./merge-value.ts";
import { orNothing, withMember } from "./with-member.ts";
import type { AttributeTarget, PatchOperation } from "./operation.ts";
import { keepOnePrimary } from "./primary.ts";

/**
 * The document after all operations, in order (RFC 7644 §3.5.2). Promises that its input is untouched, that either all
 * operations count or the first impossible one throws, and that nothing empty stays behind: no empty list, object or
 * extension, and no element of which only `type` and `primary` are left. Membership is not its business: see
 * `splitMembership`.
 */
export function applyPatch(
  resource: JsonObject,
  operations: readonly PatchOperation[],
  type: ResourceType,
): JsonObject {
  let document = resource;
  let visits = 0;
  const lists = new Map<Attribute, AttributeTarget>();
  for (const operation of operations) {
    const { target } = operation;
    if (target.kind === "attribute" && target.path.attribute.multiValued) {
      lists.set(target.path.attribute, target);
      visits += listOf(attributeOf(document, target)).length;
      if (visits > MAX_ELEMENT_VISITS) {
        throw invalidValue(
          "These operations walk through too many values. Send them in several requests.",
        );
      }
    }
    document = applyOperation(document, operation);
  }
  const settled = [...lists.values()].reduce(dropHollowElements, document);
  for (const { schema, required } of type.schemaExtensions) {
    if (required && own(resource, schema.id) !== undefined && own(settled, schema.id) === undefined)
      throw mutability(`"${schema.id}" is required and cannot be removed.`);
  }
  return inDocumentOrder(settled, type);
}

/** A thousand operations on lists of a thousand: without a cap, a small body could cost many seconds (RFC 7644 §7.2). */
const MAX_ELEMENT_VISITS = 1_000_000;

function applyOperation(document: JsonObject, operation: PatchOperation): JsonObject {
  const { target } = operation;
  switch (target.kind) {
    case "attribute":
      return setAttribute(
        document,
        target,
        nextValue(operation, target, attributeOf(document, target)),
      );
    case "extension":
    case "foreign":
      return applyForeign(document, operation, target);
  }
}

function nextValue(
  operation: PatchOperation,
  target: AttributeTarget,
  current: JsonValue | undefined,
): JsonValue | undefined {
  const { attribute } = target.path;
  const after = orNothing(
    attribute.multiValued
      ? nextList(operation, target, listOf(current))
      : nextSingle(operation, target, current),
  );
  checkChange(operation.op, attribute, current, after, printPath(target.path));
  return after;
}

function nextList(
  operation: PatchOperation,
  target: AttributeTarget,
  current: readonly JsonValue[],
): JsonValue[] {
  const { attribute, subAttribute } = target.path;
  const isPart = subAttribute !== undefined || target.valueFilter !== undefined;
  const next = isPart
    ? applyValuePath(operation, target, current)
    : listOf(mergeValue(operation.op, attribute, [...current], operation.value));
  return keepOnePrimary(current, next);
}

function nextSingle(
  { op, value }: PatchOperation,
  { path: { attribute, subAttribute } }: AttributeTarget,
  current: JsonValue | undefined,
): JsonValue | undefined {
  if (subAttribute === undefined) return mergeValue(op, attribute, current, value);
  const before = asObject(current);
  const next = mergeValue(op, subAttribute, before[subAttribute.name], value);
  return mergePart(op, attribute, before, { [subAttribute.name]: next ?? null });
}

function attributeOf(document: JsonObject, { path }: AttributeTarget): JsonValue | undefined {
  const holder = path.extension === undefined ? document : asObject(own(document, path.extension));
  return own(holder, path.attribute.name);
}

function setAttribute(
  document: JsonObject,
  { path }: AttributeTarget,
  value: JsonValue | undefined,
): JsonObject {
  if (path.extension === undefined) return withMember(document, path.attribute.name, value);
  const extension = withMember(asObject(own(document, path.extension)), path.attribute.name, value);
  return withMember(document, path.extension, orNothing(extension));
}

/**
 * Waits for the last operation: of two on one element, the first may clear its content and the second fill it again.
 * What is left behind then says nothing (Microsoft's validator clears `emails[type eq "work"].value` and expects
 * no such email), or the same as another element: a filter that chooses several gives them all one value.
 */
function dropHollowElements(document: JsonObject, target: AttributeTarget): JsonObject {
  const elements = listOf(attributeOf(document, target));
  const kept = settleElements(elements).filter(
    (element) => !isJsonObject(element) || !Object.keys(element).every((name) => LABELS.has(name)),
  );
  return kept.length === elements.length
    ? document
    : setAttribute(document, target, orNothing(kept));
}

const LABELS: ReadonlySet<string> = new Set(["type", "primary"]);

function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
