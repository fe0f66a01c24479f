import type { Attribute, ResourceType } from "../scim/schema/attribute.ts";
import { findPath } from "../scim/schema/find-attribute.ts";

const isNeverReturned = ({ returned }: Attribute): boolean => returned === "never";

/**
 * Whether nobody is shown the attribute, which a diff names with the URN of its extension: a schema never returns it,
 * or a part of it (RFC 7643 §7). What SCIM must not give out must not be read in the journal either.
 */
export function isHidden(type: ResourceType, attribute: string): boolean {
  const path = findPath(type, attribute);
  return (
    path !== undefined &&
    (isNeverReturned(path.attribute) || (path.attribute.subAttributes ?? []).some(isNeverReturned))
  );
}
