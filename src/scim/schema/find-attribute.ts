import type { AttributePath } from "../filter/ast.ts";
import { cut } from "../cut.ts";
import { foldText } from "../fold.ts";
import type { Attribute, ResourceType, Schema } from "./attribute.ts";
import { COMMON_ATTRIBUTES } from "./common-attributes.ts";

const indexes = new WeakMap<readonly Attribute[], ReadonlyMap<string, Attribute>>();

/** The attribute of a list that has this name in any letter case (RFC 7643 §2.1). */
export function findAttribute(
  attributes: readonly Attribute[],
  name: string,
): Attribute | undefined {
  let index = indexes.get(attributes);
  if (index === undefined) {
    index = new Map(attributes.map((attribute) => [foldText(attribute.name), attribute]));
    indexes.set(attributes, index);
  }
  return index.get(foldText(name));
}

/** The sub-attribute of a complex attribute that has this name in any letter case. */
export function findSubAttribute(attribute: Attribute, name: string): Attribute | undefined {
  return findAttribute(subAttributesOf(attribute), name);
}

/** Those that the schema gives a complex attribute; a simple one has none. */
export function subAttributesOf({ subAttributes }: Attribute): readonly Attribute[] {
  return subAttributes ?? NO_ATTRIBUTES;
}

/** One list for all, since a list is what an index is kept by. */
const NO_ATTRIBUTES: readonly Attribute[] = [];

/** An attribute that stands at the top of a resource: a common one or one of the core schema. */
export function findCoreAttribute(type: ResourceType, name: string): Attribute | undefined {
  return findAttribute(COMMON_ATTRIBUTES, name) ?? findAttribute(type.schema.attributes, name);
}

/** The schema of a resource type, core or extension, that has this URI in any letter case (RFC 8141 §3.1). */
export function findSchema(type: ResourceType, uri: string): Schema | undefined {
  // Almost every name that is asked about is a plain one.
  if (!uri.includes(":")) return undefined;
  const folded = foldText(uri);
  return schemasOf(type).find((schema) => foldText(schema.id) === folded);
}

/** The longest schema URI of the resource type that `name` has in front of a colon, in any letter case. */
export function findSchemaPrefix(type: ResourceType, name: string): Schema | undefined {
  if (!name.includes(":")) return undefined;
  const folded = foldText(name);
  return schemasOf(type)
    .filter((schema) => folded.startsWith(`${foldText(schema.id)}:`))
    .toSorted((a, b) => b.id.length - a.id.length)[0];
}

/**
 * Resolves an attribute name of RFC 7644 §3.10 (`attribute`, `attribute.sub`, either behind the URI of a
 * schema and a colon) in any letter case. Undefined when the resource type has no such attribute; also for
 * a schema URI alone, and for names with brackets.
 */
export function findPath(type: ResourceType, name: string): AttributePath | undefined {
  const schema = findSchemaPrefix(type, name);
  const [attributeName, subName] = cut(
    name.slice(schema === undefined ? 0 : schema.id.length + 1),
    ".",
  );
  const isCore = schema === undefined || schema === type.schema;
  const attribute = isCore
    ? findCoreAttribute(type, attributeName)
    : findAttribute(schema.attributes, attributeName);
  if (attribute === undefined) return undefined;
  const extension = isCore ? undefined : schema.id;
  if (subName === undefined) return { extension, attribute, subAttribute: undefined };
  const subAttribute = findSubAttribute(attribute, subName);
  return subAttribute === undefined ? undefined : { extension, attribute, subAttribute };
}

function schemasOf(type: ResourceType): Schema[] {
  return [type.schema, ...type.schemaExtensions.map((extension) => extension.schema)];
}
