import type { JsonValue } from "../json.ts";
import type { Attribute } from "../schema/attribute.ts";
import { addElements, removeElements } from "./merge-elements.ts";
import { asObject, mergePart } from "./merge-part.ts";
import type { PatchOperation } from "./operation.ts";
import { orNothing } from "./with-member.ts";

/**
 * The value of an attribute after an operation on the whole of it (RFC 7644 §3.5.2.1 to §3.5.2.3): undefined when it
 * has none any more. Adding to a single value replaces it; a complex value keeps the sub-attributes that were not
 * given; a list is added to, or replaced.
 */
export function mergeValue(
  op: PatchOperation["op"],
  attribute: Attribute,
  current: JsonValue | undefined,
  value: JsonValue | undefined,
): JsonValue | undefined {
  if (attribute.multiValued) return orNothing(mergeList(op, attribute, listOf(current), value));
  if (op === "remove" || value === undefined) return undefined;
  return attribute.type === "complex"
    ? mergePart(op, attribute, asObject(current), asObject(value))
    : value;
}

function mergeList(
  op: PatchOperation["op"],
  attribute: Attribute,
  current: readonly JsonValue[],
  value: JsonValue | undefined,
): JsonValue[] {
  switch (op) {
    case "add":
      return addElements(attribute, current, listOf(value));
    case "replace":
      return addElements(attribute, [], listOf(value));
    case "remove":
      return value === undefined ? [] : removeElements(attribute, current, listOf(value));
  }
}

/** A document that an older schema wrote may hold a single value where there is a list now. */
export function listOf(value: JsonValue | undefined): JsonValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
