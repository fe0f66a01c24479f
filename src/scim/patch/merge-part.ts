import { invalidValue, mutability } from "../error.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { sameDocument } from "../value/same-document.ts";
import type { Attribute } from "../schema/attribute.ts";
import { findSubAttribute, subAttributesOf } from "../schema/find-attribute.ts";
import type { PatchOperation } from "./operation.ts";

/**
 * One complex value with the sub-attributes of `part` set, and those that are null there cleared; the others stay (RFC
 * 7644 §3.5.2.3). The result has the schema's order, so that equal values are written alike.
 */
export function mergePart(
  op: PatchOperation["op"],
  attribute: Attribute,
  current: JsonObject,
  part: JsonObject,
): JsonObject {
  const stale = staleNames(attribute, current, part);
  const entries: [string, JsonValue][] = [];
  for (const subAttribute of subAttributesOf(attribute)) {
    const { name } = subAttribute;
    const before = Object.hasOwn(current, name) ? current[name] : undefined;
    const isGiven = Object.hasOwn(part, name);
    const after = isGiven ? (part[name] ?? undefined) : stale.has(name) ? undefined : before;
    if (isGiven) checkChange(op, subAttribute, before, after, `${attribute.name}.${name}`);
    if (after !== undefined) entries.push([name, after]);
  }
  return Object.fromEntries(entries);
}

/**
 * Refuses what a schema forbids for one attribute: taking away a required one (RFC 7644 §3.5.2.2), and another value
 * for an immutable one that has a value (§3.5.2; RFC 7643 §7).
 */
export function checkChange(
  op: PatchOperation["op"],
  attribute: Attribute,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  where: string,
): void {
  if (attribute.required && after === undefined && before !== undefined) {
    throw op === "remove"
      ? mutability(`"${where}" is required and cannot be removed.`)
      : invalidValue(`"${where}" is required and cannot be empty.`);
  }
  if (attribute.mutability === "immutable" && before !== undefined) {
    if (after === undefined || !sameDocument(before, after)) {
      throw mutability(`"${where}" cannot be changed once it has a value.`);
    }
  }
}

/**
 * `$ref` and the display name beside it tell about the resource that `value` names (RFC 7643 §2.4, §4.3): another
 * manager must not keep the URL and the name of the one before.
 */
function staleNames(
  attribute: Attribute,
  current: JsonObject,
  part: JsonObject,
): ReadonlySet<string> {
  const isReference = findSubAttribute(attribute, "$ref") !== undefined;
  const before = current["value"];
  if (
    !isReference ||
    before === undefined ||
    !Object.hasOwn(part, "value") ||
    before === part["value"]
  )
    return NONE;
  return ABOUT_THE_VALUE;
}

const NONE: ReadonlySet<string> = new Set();
const ABOUT_THE_VALUE: ReadonlySet<string> = new Set(["$ref", "display", "displayName"]);

/** A stored complex value, or nothing yet: a document that an older schema wrote may hold something else. */
export function asObject(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
