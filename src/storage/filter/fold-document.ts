import { foldText } from "../../scim/fold.ts";
import type { JsonObject, JsonValue } from "../../scim/json.ts";

/** What SQLite's lower() does: ASCII only. */
const asciiLower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function needsFolding(value: JsonValue): boolean {
  if (typeof value === "string") return foldText(value) !== asciiLower(value);
  if (Array.isArray(value)) return value.some(needsFolding);
  return typeof value === "object" && value !== null && Object.values(value).some(needsFolding);
}

function fold(value: JsonValue): JsonValue {
  if (typeof value === "string") return foldText(value);
  if (Array.isArray(value)) return value.map(fold);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fold(inner)]));
}

/**
 * The document with every text folded, or null when SQLite's own lower() does the same: filters and sorts
 * read `coalesce(folded, resource)`, which is right for every script and costs most people nothing.
 */
export function foldDocument(document: JsonObject): string | null {
  return needsFolding(document) ? JSON.stringify(fold(document)) : null;
}
