import { isForeignUri } from "../value/foreign-extension.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { ResourceType } from "../schema/attribute.ts";
import { findSchema } from "../schema/find-attribute.ts";

/** RFC 7644 §3.7.2: how a value stands for the id of a resource that the same request creates. */
const PREFIX = "bulkId:";

/** The `bulkId` that a whole text refers to. */
export function referenceIn(text: string): string | undefined {
  return text.startsWith(PREFIX) ? text.slice(PREFIX.length) : undefined;
}

/** The id in place of a reference to it; any other text, and a reference without an id, as it is. */
export function resolveReference(text: string, ids: ReadonlyMap<string, string>): string {
  const bulkId = referenceIn(text);
  return (bulkId === undefined ? undefined : ids.get(bulkId)) ?? text;
}

/** Every `bulkId` that the data refers to. */
export function referencesIn(data: JsonValue): Set<string> {
  const found = new Set<string>();
  replaceReferences(data, "", (bulkId) => {
    found.add(bulkId);
    return undefined;
  });
  return found;
}

/**
 * The data with the ids in place of the references to them, wherever they stand: a whole value, the end of the URL in a
 * `$ref`, a quoted value in the `path` of a PATCH. References without an id, and all that holds none, stay as they are.
 */
export function resolveReferences(data: JsonValue, ids: ReadonlyMap<string, string>): JsonValue {
  return replaceReferences(data, "", (bulkId) => ids.get(bulkId));
}

/**
 * Takes the parts of a resource apart that cannot be written before `isMissing` resources exist: elements of lists one by
 * one, other attributes whole. Promises that adding `withheld` to `kept`, by a PATCH without a path, gives the resource.
 * Undefined for either when it is empty.
 */
export function splitReferences(
  resource: JsonValue,
  type: ResourceType,
  isMissing: (bulkId: string) => boolean,
): { readonly kept: JsonValue | undefined; readonly withheld: JsonValue | undefined } {
  const waits = (value: JsonValue) => [...referencesIn(value)].some(isMissing);
  if (!waits(resource)) return { kept: resource, withheld: undefined };
  if (!isJsonObject(resource)) return { kept: undefined, withheld: resource };
  const isExtension = (name: string) =>
    findSchema(type, name) !== undefined || isForeignUri(type, name);
  return splitObject(resource, waits, isExtension);
}

function splitObject(
  object: JsonObject,
  waits: (value: JsonValue) => boolean,
  isExtension: (name: string) => boolean,
) {
  const kept: [string, JsonValue][] = [];
  const withheld: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(object)) {
    if (Array.isArray(value)) {
      const later = value.filter(waits);
      const now = value.filter((element) => !waits(element));
      if (later.length > 0) withheld.push([name, later]);
      if (now.length > 0 || later.length === 0) kept.push([name, now]);
    } else if (isJsonObject(value) && isExtension(name)) {
      const inner = splitObject(value, waits, () => false);
      if (inner.kept !== undefined) kept.push([name, inner.kept]);
      if (inner.withheld !== undefined) withheld.push([name, inner.withheld]);
    } else (waits(value) ? withheld : kept).push([name, value]);
  }
  return { kept: objectOf(kept), withheld: objectOf(withheld) };
}

const objectOf = (entries: [string, JsonValue][]): JsonObject | undefined =>
  entries.length === 0 ? undefined : Object.fromEntries(entries);

type IdOf = (bulkId: string) => string | undefined;

function replaceReferences(value: JsonValue, name: string, idOf: IdOf): JsonValue {
  if (typeof value === "string") return replaceInText(value, name, idOf);
  if (Array.isArray(value)) return value.map((element) => replaceReferences(element, name, idOf));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, replaceReferences(inner, key, idOf)]),
  );
}

function replaceInText(text: string, name: string, idOf: IdOf): string {
  if (!text.includes(PREFIX)) return text;
  const reference = referenceIn(text);
  if (reference !== undefined) return idOf(reference) ?? text;
  const pattern = IN_TEXT.get(name.toLowerCase());
  return pattern === undefined
    ? text
    : text.replace(pattern, (whole, bulkId: string) => {
        const id = idOf(bulkId);
        return id === undefined ? whole : whole.replace(`${PREFIX}${bulkId}`, () => id);
      });
}

/** Where a reference is a part of a text. */
const IN_TEXT: ReadonlyMap<string, RegExp> = new Map([
  ["$ref", /\/bulkId:([^/]+)$/],
  ["path", /"bulkId:([^"\\]+)"/g],
]);
