import type { AttributeChange } from "../journal/change.ts";
import { isJsonObject, type JsonValue } from "../scim/json.ts";
import type { ResourceType } from "../scim/schema/attribute.ts";
import { findPath } from "../scim/schema/find-attribute.ts";
import { USER } from "../scim/schema/resource-types.ts";
import { isHidden } from "./is-hidden.ts";

/** A row of the journal does not grow by what a client makes up. */
const MAX_NAME_CHARACTERS = 200;

/**
 * Whom a body that was refused is about, as the journal is told it: what people look somebody up by who never
 * arrived, and nothing else of what was sent. Empty for a body that is no object, or names nobody by a text.
 */
export function namesIn(type: ResourceType, body: JsonValue | undefined): AttributeChange[] {
  if (!isJsonObject(body)) return [];
  const given = Object.entries(body).flatMap(([key, value]) => {
    const path = findPath(type, key);
    const isTop = path && path.extension === undefined && path.subAttribute === undefined;
    return isTop ? [[path.attribute.name, value] as const] : [];
  });
  return [type.name === USER.name ? "userName" : "displayName", "externalId"].flatMap((name) => {
    const value = given.find(([attribute]) => attribute === name)?.[1];
    return typeof value === "string" && value.trim() !== "" && !isHidden(type, name)
      ? [{ attribute: name, after: value.slice(0, MAX_NAME_CHARACTERS) }]
      : [];
  });
}
