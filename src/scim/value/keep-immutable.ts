import { mutability } from "../error.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { sameDocument } from "./same-document.ts";
import type { Attribute, ResourceType } from "../schema/attribute.ts";

/**
 * The document of a PUT with the immutable attributes that are set already: one that is given must be the same
 * (400 `mutability`), one that is left out stays (RFC 7644 §3.5.1).
 */
export function keepImmutable(
  before: JsonObject,
  after: JsonObject,
  type: ResourceType,
): JsonObject {
  let document = keepAll(type.schema.attributes, before, after, "");
  for (const { schema } of type.schemaExtensions) {
    const old = before[schema.id];
    if (!isJsonObject(old)) continue;
    const given = document[schema.id];
    const extension = keepAll(
      schema.attributes,
      old,
      isJsonObject(given) ? given : {},
      `${schema.id}:`,
    );
    if (Object.keys(extension).length > 0) document = { ...document, [schema.id]: extension };
  }
  return document;
}

function keepAll(
  attributes: readonly Attribute[],
  before: JsonObject,
  after: JsonObject,
  prefix: string,
): JsonObject {
  const kept: [string, JsonValue][] = [];
  for (const attribute of attributes) {
    const old = Object.hasOwn(before, attribute.name) ? before[attribute.name] : undefined;
    if (old === undefined) continue;
    const given = Object.hasOwn(after, attribute.name) ? after[attribute.name] : undefined;
    const where = `${prefix}${attribute.name}`;
    if (attribute.mutability === "immutable") {
      if (given !== undefined && !sameDocument(old, given)) {
        throw mutability(`"${where}" cannot be changed once it has a value.`);
      }
      kept.push([attribute.name, old]);
    } else if (attribute.subAttributes && isJsonObject(old) && isJsonObject(given)) {
      kept.push([attribute.name, keepAll(attribute.subAttributes, old, given, `${where}.`)]);
    }
  }
  return { ...after, ...Object.fromEntries(kept) };
}
