import { invalidValue } from "../error.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { Attribute, ResourceType } from "../schema/attribute.ts";
import { isStored } from "../schema/is-stored.ts";

/**
 * Refuses a canonical document in which a required attribute has no value: of the core schema, of an extension
 * that is present or itself required, and of each complex value that is present (RFC 7643 §2.2, §6). To be
 * called on what POST, PUT and PATCH would store.
 */
export function requireAttributes(document: JsonObject, type: ResourceType): void {
  requireAll(type.schema.attributes, document, "");
  for (const { schema, required } of type.schemaExtensions) {
    const extension = document[schema.id];
    if (isJsonObject(extension)) requireAll(schema.attributes, extension, `${schema.id}:`);
    else if (required) throw missing(schema.id);
  }
}

function requireAll(attributes: readonly Attribute[], object: JsonObject, prefix: string): void {
  for (const attribute of attributes) {
    if (!isStored(attribute)) continue;
    const where = `${prefix}${attribute.name}`;
    const value = Object.hasOwn(object, attribute.name) ? object[attribute.name] : undefined;
    if (value === undefined) {
      if (attribute.required) throw missing(where);
    } else if (attribute.subAttributes !== undefined) {
      for (const element of elementsOf(value))
        requireAll(attribute.subAttributes, element, `${where}.`);
    }
  }
}

function elementsOf(value: JsonValue): JsonObject[] {
  return (Array.isArray(value) ? value : [value]).filter((element) => isJsonObject(element));
}

const missing = (where: string) =>
  invalidValue(`"${where}" is required and has no value. Map it in the identity provider.`);
