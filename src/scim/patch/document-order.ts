import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { Attribute, ResourceType } from "../schema/attribute.ts";
import { COMMON_ATTRIBUTES } from "../schema/common-attributes.ts";

/**
 * The same document in the schema's order, which is the order that POST and PUT give it, so that equal documents are
 * equal texts in nearly every case. Members that no schema knows stay behind the others.
 */
export function inDocumentOrder(document: JsonObject, type: ResourceType): JsonObject {
  const core = [...COMMON_ATTRIBUTES, ...type.schema.attributes];
  const ordered = inOrder(document, [
    ...namesOf(core),
    ...type.schemaExtensions.map(({ schema }) => schema.id),
  ]);
  for (const { schema } of type.schemaExtensions) {
    const extension = ordered[schema.id];
    if (isJsonObject(extension))
      ordered[schema.id] = inOrder(extension, namesOf(schema.attributes));
  }
  return ordered;
}

function inOrder(object: JsonObject, names: readonly string[]): JsonObject {
  const known = new Set(names);
  const others = Object.keys(object).filter((name) => !known.has(name));
  const entries = [...known, ...others].map((name): [string, JsonValue | undefined] => [
    name,
    Object.hasOwn(object, name) ? object[name] : undefined,
  ]);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
}

function namesOf(attributes: readonly Attribute[]): string[] {
  return attributes.map((attribute) => attribute.name);
}
