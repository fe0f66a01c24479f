import type { ResourceType } from "../schema/attribute.ts";
import { foldText } from "../fold.ts";

/**
 * Puts the colon of RFC 7644 §3.10 between an extension's URI and its attribute where a client wrote a dot:
 * `urn:…:enterprise:2.0:User.department`. Any other name comes back as it is.
 *
 * Source: mapping templates that take the URI for a parent attribute (SCIMReferenceCode's sample collections).
 */
export function readDottedExtension(type: ResourceType, name: string): string {
  if (!name.includes(":")) return name;
  const folded = foldText(name);
  for (const { schema } of type.schemaExtensions) {
    if (folded.startsWith(`${foldText(schema.id)}.`))
      return `${schema.id}:${name.slice(schema.id.length + 1)}`;
  }
  return name;
}
