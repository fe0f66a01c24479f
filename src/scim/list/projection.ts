import { foldText } from "../fold.ts";
import { isForeignUri } from "../value/foreign-extension.ts";
import type { JsonObject } from "../json.ts";
import type { Attribute, ResourceType } from "../schema/attribute.ts";
import { defineAttribute } from "../schema/define-attribute.ts";
import { findCoreAttribute, findPath, findSchema } from "../schema/find-attribute.ts";
import { pickAttributes, type Selection } from "./pick-attributes.ts";

/** What `attributes` and `excludedAttributes` ask for, resolved against a resource type. */
export interface Projection {
  /** Undefined without `attributes`: everything that is returned by default. */
  readonly only: Selection | undefined;
  readonly without: Selection;
}

/**
 * Reads the parameters of RFC 7644 §3.9: names in any letter case, with or without the URI of their schema, of
 * sub-attributes, or URIs of whole schemas; spaces around them are ignored. Names that the resource type does not
 * have select nothing. The RFC leaves open what both parameters together mean; here `attributes` selects, and
 * `excludedAttributes` takes away from that.
 */
export function parseProjection(
  query: {
    readonly attributes?: string | undefined;
    readonly excludedAttributes?: string | undefined;
  },
  type: ResourceType,
): Projection {
  const { attributes = "", excludedAttributes = "" } = query;
  return {
    only: attributes.trim() === "" ? undefined : select(attributes, type),
    without: select(excludedAttributes, type),
  };
}

/**
 * The part of a representation that the client gets: `id` and `schemas` always, what is `returned: never` never, what is
 * `returned: request` only by name (RFC 7643 §2.2, RFC 7644 §3.9).
 */
export function project(
  resource: JsonObject,
  projection: Projection,
  type: ResourceType,
): JsonObject {
  return pickAttributes(resource, projection.only, projection.without, (name) =>
    topLevelAttribute(type, name),
  );
}

/** Whether any part of a core attribute is in the answer, so that `members` and `groups` are read only when they are. */
export function wants(projection: Projection, attributeName: string): boolean {
  const isSelected = projection.only === undefined || projection.only.has(attributeName);
  return isSelected && projection.without.get(attributeName) !== "whole";
}

function select(names: string, type: ResourceType): Selection {
  const selection: MutableSelection = new Map();
  for (const name of names.split(",")) {
    for (const keys of keysOf(name.trim(), type)) add(selection, keys);
  }
  return selection;
}

/** Where something is in a resource: the name of an attribute, and those of its parts. */
type Keys = readonly [string, ...string[]];

/** The places of a name in a resource: several for the URI of the core schema, none for an unknown name. */
function keysOf(name: string, type: ResourceType): Keys[] {
  const schema = findSchema(type, name);
  if (schema === type.schema) return schema.attributes.map((attribute) => [attribute.name]);
  if (schema !== undefined) return [[schema.id]];
  if (isForeignUri(type, name)) return [[foldText(name)]];
  const path = findPath(type, name);
  if (path === undefined) return [];
  const { extension, attribute, subAttribute } = path;
  const keys: Keys =
    subAttribute === undefined ? [attribute.name] : [attribute.name, subAttribute.name];
  return [extension === undefined ? keys : [extension, ...keys]];
}

interface MutableSelection extends Map<string, MutableSelection | "whole"> {}

/** A whole attribute holds its parts, in whichever order the two are named. */
function add(selection: MutableSelection, [key, next, ...rest]: Keys): void {
  const earlier = selection.get(key);
  if (next === undefined) selection.set(key, "whole");
  else if (earlier !== "whole") {
    const inner: MutableSelection = earlier ?? new Map();
    selection.set(key, inner);
    add(inner, [next, ...rest]);
  }
}

/** To the outside, an extension is an attribute that has the extension's attributes as its parts. */
function topLevelAttribute(type: ResourceType, name: string): Attribute | undefined {
  const schema = findSchema(type, name);
  if (schema !== undefined) {
    return defineAttribute(schema.id, "complex", schema.description, {
      subAttributes: schema.attributes,
    });
  }
  if (!isForeignUri(type, name)) return findCoreAttribute(type, name);
  return defineAttribute(foldText(name), "complex", "An extension that no schema describes.");
}
