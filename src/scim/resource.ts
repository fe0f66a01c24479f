import { findTopLevelEnterprise } from "./dialect/top-level-enterprise.ts";
import { invalidSyntax, invalidValue } from "./error.ts";
import type { AttributePath } from "./filter/ast.ts";
import { foldText } from "./fold.ts";
import { copyForeign, isForeignUri } from "./value/foreign-extension.ts";
import { type GivenValue, joinGiven } from "./value/given-attributes.ts";
import { givenTwice } from "./value/given-twice.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "./json.ts";
import { requireAttributes } from "./value/required-attributes.ts";
import type { Attribute, ResourceType, Schema } from "./schema/attribute.ts";
import { COMMON_ATTRIBUTES, SCHEMAS } from "./schema/common-attributes.ts";
import { findPath, findSchema } from "./schema/find-attribute.ts";
import { isStored } from "./schema/is-stored.ts";
import { isEmptyValue, normalizeValue } from "./value/value.ts";

/**
 * The canonical document of a body of POST or PUT: normalised values under the schema's names in the schema's order,
 * each extension as an object under its URI, extensions that no schema describes as they were given.
 *
 * Left out without a word, since RFC 7644 §3.3 lets a server ignore them and IdPs send them all the time: unknown
 * attributes, read-only ones (`id`, `meta`, `groups`), `schemas`, `password`, and `members` (see `readMembers`).
 * Understood besides the RFC's form: names behind the URI of their schema, dotted names, and enterprise attributes
 * without their URI.
 */
export function readResource(body: JsonValue, type: ResourceType): JsonObject {
  if (!isJsonObject(body))
    throw invalidSyntax("The body must be a JSON object that holds one resource.");
  const given = sortOut(body, type);
  const core = joinGiven(given.core, (name) => name);
  requireListOfUris(core.get(SCHEMAS));
  const coreAttributes = new Set([...COMMON_ATTRIBUTES, ...type.schema.attributes]);
  const document = [
    ...normalizeAll(coreAttributes, core, ""),
    ...type.schemaExtensions.flatMap(({ schema }) => readExtension(schema, given)),
    ...given.foreign.values(),
  ];
  const resource: JsonObject = Object.fromEntries(document);
  requireAttributes(resource, type);
  return resource;
}

interface Given {
  readonly core: GivenValue[];
  /** By the schema's URI. */
  readonly extensions: Map<string, GivenValue[]>;
  /** Enterprise attributes without their URI: they count only where the extension itself says nothing. */
  readonly topLevel: Map<string, GivenValue[]>;
  /** By the folded URI. */
  readonly foreign: Map<string, [string, JsonObject]>;
}

function sortOut(body: JsonObject, type: ResourceType): Given {
  const given: Given = { core: [], extensions: new Map(), topLevel: new Map(), foreign: new Map() };
  const uris = new Set<string>();
  for (const [name, value] of Object.entries(body)) {
    const schema = findSchema(type, name);
    if (schema !== undefined || isForeignUri(type, name)) {
      if (uris.has(foldText(name))) throw givenTwice(schema?.id ?? "schemas");
      uris.add(foldText(name));
    }
    if (schema !== undefined) {
      for (const [inner, innerValue] of entriesOf(value, schema.id)) {
        add(given, findPath(type, `${schema.id}:${inner}`), innerValue);
      }
    } else if (isForeignUri(type, name)) {
      const copy = copyForeign(value, name);
      if (copy !== undefined) given.foreign.set(foldText(name), [name, copy]);
    } else {
      const path = findPath(type, name);
      add(given, path, value);
      const enterprise = path === undefined ? findTopLevelEnterprise(type, name) : undefined;
      if (enterprise?.extension !== undefined)
        append(given.topLevel, enterprise.extension, { ...enterprise, value });
    }
  }
  return given;
}

function add(given: Given, path: AttributePath | undefined, value: JsonValue): void {
  if (path === undefined) return;
  if (path.extension === undefined) given.core.push({ ...path, value });
  else append(given.extensions, path.extension, { ...path, value });
}

function append(map: Map<string, GivenValue[]>, key: string, value: GivenValue): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

function entriesOf(value: JsonValue, uri: string): [string, JsonValue][] {
  if (isEmptyValue(value)) return [];
  if (!isJsonObject(value)) throw invalidValue(`The value of "${uri}" must be an object.`);
  return Object.entries(value);
}

function readExtension(schema: Schema, given: Given): [string, JsonValue][] {
  const prefix = `${schema.id}:`;
  const where = (name: string) => `${prefix}${name}`;
  const values = joinGiven(given.extensions.get(schema.id) ?? [], where);
  const topLevel = joinGiven(given.topLevel.get(schema.id) ?? [], (name) => name);
  const entries = normalizeAll(schema.attributes, new Map([...topLevel, ...values]), prefix);
  return entries.length === 0 ? [] : [[schema.id, Object.fromEntries(entries)]];
}

function normalizeAll(
  attributes: Iterable<Attribute>,
  values: ReadonlyMap<Attribute, JsonValue>,
  prefix: string,
): [string, JsonValue][] {
  const entries: [string, JsonValue][] = [];
  for (const attribute of attributes) {
    const value = values.get(attribute);
    if (value === undefined || !isStored(attribute)) continue;
    const normalized = normalizeValue(attribute, value, `${prefix}${attribute.name}`);
    if (normalized !== undefined) entries.push([attribute.name, normalized]);
  }
  return entries;
}

/**
 * RFC 7643 §3 demands the list and the core URI in it. Templates leave it out and Microsoft's own samples misspell
 * URIs, so that only its form is checked: what a resource holds is read from its attributes.
 */
function requireListOfUris(schemas: JsonValue | undefined): void {
  if (schemas === undefined || schemas === null) return;
  if (!Array.isArray(schemas) || schemas.some((uri) => typeof uri !== "string")) {
    throw invalidSyntax('"schemas" must be a list of strings, each the URI of a schema.');
  }
}
