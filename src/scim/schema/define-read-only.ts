import type { Attribute, AttributeType } from "./attribute.ts";
import { defineAttribute } from "./define-attribute.ts";

type Facts = Parameters<typeof defineAttribute>[3];

/** An attribute of a discovery resource: those are read-only all the way down (RFC 7643 §5, §6, §7). */
export function defineReadOnly(
  name: string,
  type: AttributeType,
  description: string,
  facts: Facts = {},
): Attribute {
  return defineAttribute(name, type, description, { mutability: "readOnly", ...facts });
}
