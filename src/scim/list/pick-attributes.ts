import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { Attribute } from "../schema/attribute.ts";
import { findSubAttribute } from "../schema/find-attribute.ts";

/** Attributes by the name in their definition, each as a whole or by some of its sub-attributes. */
export interface Selection extends ReadonlyMap<string, Selection | "whole"> {}

const NOTHING: Selection = new Map();

/**
 * The members of an object that are `only` (all, when undefined) and not `without`, as far as the `returned` of their
 * definitions lets them be chosen (RFC 7643 §7). Names that `attributeOf` does not know are left out: what has no
 * definition has nothing that says it may be shown.
 */
export function pickAttributes(
  object: JsonObject,
  only: Selection | undefined,
  without: Selection,
  attributeOf: (name: string) => Attribute | undefined,
): JsonObject {
  const picked: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(object)) {
    const attribute = attributeOf(name);
    if (attribute === undefined || !isReturned(attribute, only, without)) continue;
    const part = pickParts(
      attribute,
      value,
      innerOf(only, attribute),
      innerOf(without, attribute) ?? NOTHING,
    );
    if (part !== undefined) picked.push([name, part]);
  }
  return Object.fromEntries(picked);
}

function isReturned(
  attribute: Attribute,
  only: Selection | undefined,
  without: Selection,
): boolean {
  switch (attribute.returned) {
    case "always":
      return true;
    case "never":
      return false;
    case "default":
      return (
        (only === undefined || only.has(attribute.name)) && without.get(attribute.name) !== "whole"
      );
    case "request":
      return (
        only !== undefined && only.has(attribute.name) && without.get(attribute.name) !== "whole"
      );
  }
}

function innerOf(selection: Selection | undefined, attribute: Attribute): Selection | undefined {
  const inner = selection?.get(attribute.name);
  return inner === "whole" ? undefined : inner;
}

/** Undefined when nothing is left of a complex value. */
function pickParts(
  attribute: Attribute,
  value: JsonValue,
  only: Selection | undefined,
  without: Selection,
): JsonValue | undefined {
  if (!mustLookInside(attribute, only, without)) return value;
  const pick = (object: JsonObject) =>
    pickAttributes(object, only, without, (name) => findSubAttribute(attribute, name));
  if (Array.isArray(value)) {
    const parts = value.filter((element) => isJsonObject(element)).map(pick);
    const left = parts.filter((part) => Object.keys(part).length > 0);
    return left.length === 0 && value.length > 0 ? undefined : left;
  }
  // What an older schema wrote has no parts that this one could let through.
  const part = isJsonObject(value) ? pick(value) : {};
  return Object.keys(part).length === 0 ? undefined : part;
}

/** A group has 100,000 members: they are copied only when a part of each has to go. */
function mustLookInside(
  attribute: Attribute,
  only: Selection | undefined,
  without: Selection,
): boolean {
  if (attribute.subAttributes === undefined) return false;
  return only !== undefined || without.size > 0 || attribute.subAttributes.some(hidesSomething);
}

function hidesSomething({ returned, subAttributes = [] }: Attribute): boolean {
  return returned === "never" || returned === "request" || subAttributes.some(hidesSomething);
}
