import { isJsonObject, type JsonValue } from "../json.ts";
import type { Attribute } from "../schema/attribute.ts";

/**
 * The value inside `[{"$ref": null, "value": "x"}]`, `{"value": "x"}` or `["x"]` where a single simple value is
 * expected. Any other value comes back as it is, for the schema to judge.
 *
 * Source: Entra's older dialect (`AzureAdScimPatch2017`) wraps every value of an operation so.
 */
export function readWrappedValue(attribute: Attribute, value: JsonValue): JsonValue {
  if (attribute.multiValued || attribute.type === "complex") return value;
  const given = Array.isArray(value) ? value : [value];
  if (given.length > 1) return value;
  const [only = null] = given;
  return isJsonObject(only) && Object.hasOwn(only, "value") ? (only["value"] ?? null) : only;
}
