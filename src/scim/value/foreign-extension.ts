import { invalidValue } from "../error.ts";
import { foldText } from "../fold.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { ResourceType } from "../schema/attribute.ts";
import { findSchema, findSchemaPrefix } from "../schema/find-attribute.ts";
import { requireWellFormed } from "./well-formed-text.ts";

/** A detail names the extension, and must not repeat a megabyte of it. */
const LONGEST_NAME = 200;

/**
 * Whether a key of a resource is the URI of a schema that the resource type does not have. Attribute names hold no
 * colon (RFC 7643 §2.1), so every name with one is a URI; one that begins with a known schema is an unknown
 * attribute of that schema instead.
 */
export function isForeignUri(type: ResourceType, name: string): boolean {
  return (
    name.includes(":") &&
    !isProtocolUri(name) &&
    findSchema(type, name) === undefined &&
    findSchemaPrefix(type, name) === undefined
  );
}

/** Messages, and the cores of resource types, extend nothing (RFC 7643 §10.3.1, RFC 7644 §8.2). */
export function isProtocolUri(name: string): boolean {
  const folded = foldText(name);
  return PROTOCOL_PREFIXES.some((prefix) => folded.startsWith(prefix));
}

const PROTOCOL_PREFIXES = [
  "urn:ietf:params:scim:api:",
  "urn:ietf:params:scim:schemas:core:",
  "urn:scim:schemas:core:",
];

/**
 * A safe copy of an extension object that no schema describes, kept as it was given (RFC 7643 §3.3; custom
 * extensions of Entra are read back and compared). Undefined when it is not an object or holds nothing.
 */
export function copyForeign(value: JsonValue, uri: string): JsonObject | undefined {
  if (!isJsonObject(value)) return undefined;
  const copy = copyObject(value, requireWellFormed(uri, "schemas").slice(0, LONGEST_NAME));
  return Object.keys(copy).length === 0 ? undefined : copy;
}

function copyValue(value: JsonValue, where: string): JsonValue {
  if (typeof value === "string") return requireWellFormed(value, where);
  // JSON.parse reads 1e999 as Infinity, which JSON.stringify then writes as null.
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw invalidValue(`The value of "${where}" contains a number that is too large.`);
  }
  if (Array.isArray(value)) return value.map((element) => copyValue(element, where));
  return isJsonObject(value) ? copyObject(value, where) : value;
}

function copyObject(object: JsonObject, where: string): JsonObject {
  // `JSON.parse` makes `__proto__` an own property; whoever assigned it onwards would set a prototype.
  const entries = Object.entries(object).filter(([name]) => name !== "__proto__");
  return Object.fromEntries(
    entries.map(([name, value]) => [requireWellFormed(name, where), copyValue(value, where)]),
  );
}
