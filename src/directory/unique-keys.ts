import { foldText } from "../scim/fold.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../scim/json.ts";
import type { Attribute, ResourceType } from "../scim/schema/attribute.ts";
import { BUILT_IN_SCHEMAS } from "./catalogue/catalogue.ts";

/** A value that no other resource of the type may have. */
export interface UniqueKey {
  /** As a filter names it. */
  readonly attribute: string;
  readonly key: string;
}

const isUnique = (attribute: Attribute): boolean => attribute.uniqueness !== "none";

function keyOf(attribute: Attribute, value: JsonValue): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return attribute.caseExact ? text : foldText(text);
}

function keysIn(attributes: readonly Attribute[], object: JsonObject, prefix: string): UniqueKey[] {
  return attributes.filter(isUnique).flatMap((attribute) => {
    const value = object[attribute.name];
    return value === undefined
      ? []
      : [{ attribute: `${prefix}${attribute.name}`, key: keyOf(attribute, value) }];
  });
}

/**
 * What `uniqueness` of the tenant's own schemas demands of a document (RFC 7643 §7). The RFC's schemas are left
 * out: userName and displayName have columns of their own.
 */
export function uniqueKeys(document: JsonObject, type: ResourceType): UniqueKey[] {
  const isBuiltIn = (id: string) => BUILT_IN_SCHEMAS.some((schema) => schema.id === id);
  const core = isBuiltIn(type.schema.id) ? [] : keysIn(type.schema.attributes, document, "");
  const extensions = type.schemaExtensions.flatMap(({ schema }) => {
    const extension = document[schema.id];
    return isJsonObject(extension) && !isBuiltIn(schema.id)
      ? keysIn(schema.attributes, extension, `${schema.id}:`)
      : [];
  });
  return [...core, ...extensions];
}

const missingFrom = (others: readonly UniqueKey[]) => (key: UniqueKey) =>
  !others.some((other) => other.attribute === key.attribute && other.key === key.key);

/** The keys to give up and to take; undefined when none changes, which is so for almost every write. */
export function keyChanges(
  before: readonly UniqueKey[],
  after: readonly UniqueKey[],
): { removed: UniqueKey[]; added: UniqueKey[] } | undefined {
  const removed = before.filter(missingFrom(after));
  const added = after.filter(missingFrom(before));
  return removed.length + added.length === 0 ? undefined : { removed, added };
}
