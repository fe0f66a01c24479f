import { normalizeDateTime } from "../value/date-time.ts";
import { foldText } from "../fold.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { Attribute } from "../schema/attribute.ts";
import type { AttributePath, CompareOperator, Filter, FilterValue } from "./ast.ts";
import { compareText } from "./compare-text.ts";

/**
 * Whether a full representation (`id` and `meta` included, extensions under their URN) fits a filter; inside
 * brackets, whether one element does. RFC 7644 §3.4.2.2: one fitting value of a multi-valued attribute is enough.
 * `ne` is `not eq`, so that it holds for an attribute that has no value, and for several values only when none of
 * them is equal.
 */
export function matches(filter: Filter, resource: JsonObject): boolean {
  switch (filter.kind) {
    case "and":
      return matches(filter.left, resource) && matches(filter.right, resource);
    case "or":
      return matches(filter.left, resource) || matches(filter.right, resource);
    case "not":
      return !matches(filter.filter, resource);
    case "present":
      return valuesAt(filter.path, resource).length > 0;
    case "compare":
      return matchesComparison(filter, resource);
    case "valuePath":
      return valuesAt(filter.path, resource).some(
        (element) => isJsonObject(element) && matches(filter.filter, element),
      );
  }
}

function matchesComparison(
  { path, operator, value }: Filter & { kind: "compare" },
  resource: JsonObject,
): boolean {
  const values = valuesAt(path, resource);
  const leaf = path.subAttribute ?? path.attribute;
  if (operator === "ne") {
    return value === null
      ? values.length > 0
      : !values.some((stored) => compare(leaf, stored, "eq", value));
  }
  if (value === null) return values.length === 0;
  return values.some((stored) => compare(leaf, stored, operator, value));
}

function compare(
  attribute: Attribute,
  stored: JsonValue,
  operator: Exclude<CompareOperator, "ne">,
  value: NonNullable<FilterValue>,
): boolean {
  if (typeof stored === "string" && typeof value === "string") {
    const [left, right] = comparable(attribute, stored, value);
    if (left === undefined || right === undefined) return false;
    return isPartOperator(operator)
      ? hasPart(left, operator, right)
      : isInOrder(compareText(left, right), operator);
  }
  if (typeof stored === "number" && typeof value === "number")
    return !isPartOperator(operator) && isInOrder(stored - value, operator);
  return operator === "eq" && stored === value;
}

function comparable(
  attribute: Attribute,
  stored: string,
  value: string,
): [string | undefined, string | undefined] {
  // Instants in one form compare as texts.
  if (attribute.type === "dateTime") return [normalizeDateTime(stored), normalizeDateTime(value)];
  return attribute.caseExact ? [stored, value] : [foldText(stored), foldText(value)];
}

/** Those that ask for a part of a text; no other type has them. */
type PartOperator = "co" | "sw" | "ew";

function isPartOperator(operator: CompareOperator): operator is PartOperator {
  return operator === "co" || operator === "sw" || operator === "ew";
}

function hasPart(stored: string, operator: PartOperator, value: string): boolean {
  switch (operator) {
    case "co":
      return stored.includes(value);
    case "sw":
      return stored.startsWith(value);
    case "ew":
      return stored.endsWith(value);
  }
}

function isInOrder(
  difference: number,
  operator: Exclude<CompareOperator, "ne" | PartOperator>,
): boolean {
  switch (operator) {
    case "eq":
      return difference === 0;
    case "gt":
      return difference > 0;
    case "ge":
      return difference >= 0;
    case "lt":
      return difference < 0;
    case "le":
      return difference <= 0;
  }
}

/** Every value that is there: one per element of a multi-valued attribute, none for empty ones (`pr`). */
function valuesAt(
  { extension, attribute, subAttribute }: AttributePath,
  resource: JsonObject,
): JsonValue[] {
  const holder = extension === undefined ? resource : member(resource, extension);
  const elements = listOf(member(holder, attribute.name));
  const values =
    subAttribute === undefined
      ? elements
      : elements.flatMap((element) => listOf(member(element, subAttribute.name)));
  return values.filter((value) => !isEmpty(value));
}

function listOf(value: JsonValue | undefined): JsonValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function member(holder: JsonValue | undefined, name: string): JsonValue | undefined {
  return isJsonObject(holder) && Object.hasOwn(holder, name) ? holder[name] : undefined;
}

/** RFC 7644 §3.4.2.2: `pr` asks for a non-empty value, or for a non-empty node of a complex attribute. */
function isEmpty(value: JsonValue): boolean {
  if (value === null || value === "") return true;
  return typeof value === "object" && Object.values(value).every(isEmpty);
}
