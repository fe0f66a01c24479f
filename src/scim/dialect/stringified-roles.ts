import { isJsonObject, type JsonValue } from "../json.ts";
import type { Attribute } from "../schema/attribute.ts";

/**
 * The roles that a text stands for which holds them as JSON, whole or inside the `value` of a role:
 * `[{"value": "{\"id\":\"…\",\"value\":\"Admin\",\"displayName\":\"Administrator\"}"}]`. Values of every other
 * attribute, and texts that are no JSON, come back as they are.
 *
 * Source: Entra's expression functions for app roles (`AppRoleAssignmentsComplex`) write PATCH values so.
 */
export function readStringifiedRoles(attribute: Attribute, value: JsonValue): JsonValue {
  if (attribute.name !== "roles") return value;
  if (typeof value === "string") return readText(value) ?? value;
  return Array.isArray(value) ? value.map(readElement) : readElement(value);
}

function readElement(element: JsonValue): JsonValue {
  if (typeof element === "string") return readText(element) ?? element;
  if (!isJsonObject(element) || typeof element["value"] !== "string") return element;
  const role = readText(element["value"]);
  return isJsonObject(role) ? { ...element, ...role } : element;
}

function readText(text: string): JsonValue | undefined {
  const parsed = text.startsWith("{") || text.startsWith("[") ? parseJson(text) : undefined;
  if (Array.isArray(parsed)) return parsed.map((element) => readRole(element) ?? element);
  return readRole(parsed);
}

function readRole(value: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonObject(value) || typeof value["value"] !== "string") return undefined;
  const display = value["display"] ?? value["displayName"];
  return typeof display === "string"
    ? { value: value["value"], display }
    : { value: value["value"] };
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue; // `JSON.parse` can return nothing else.
  } catch {
    return undefined;
  }
}
