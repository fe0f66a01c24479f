import { isJsonObject, type JsonValue } from "../json.ts";
import type { Attribute } from "../schema/attribute.ts";
import { findSubAttribute } from "../schema/find-attribute.ts";

/**
 * The object that a bare id, or a list of one, stands for where an attribute refers to one other resource:
 * a single-valued complex attribute with a sub-attribute `value`, which in the standard schemas is `manager` alone.
 * Any other value comes back as it is.
 *
 * Source: Entra sends `manager` as `"2c2f…"`, as `[{"$ref": …, "value": "2c2f…"}]` and as `{"value": "2c2f…"}`.
 */
export function readSingleReference(attribute: Attribute, value: JsonValue): JsonValue {
  if (findSubAttribute(attribute, "value") === undefined) return value;
  const given = Array.isArray(value) ? value : [value];
  if (given.length > 1) return value;
  const [only = null] = given;
  if (only === null || isJsonObject(only)) return only;
  if (typeof only !== "string") return value;
  return only.trim() === "" ? null : { value: only };
}
