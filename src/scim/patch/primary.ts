import { isJsonObject, type JsonValue } from "../json.ts";

/**
 * The elements with at most one of them primary. RFC 7644 §3.5.2: an operation that sets `primary` to true sets it to
 * false in every other element. Of several new ones the last one stays, as if they had been added one by one.
 */
export function keepOnePrimary(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
): JsonValue[] {
  const known = new Set(before.filter(isPrimary));
  const primaries = after.filter(isPrimary);
  if (primaries.length <= 1) return [...after];
  const winner = primaries.findLast((element) => !known.has(element)) ?? primaries[0];
  return after.map((element) =>
    isPrimary(element) && element !== winner ? { ...element, primary: false } : element,
  );
}

function isPrimary(element: JsonValue): element is { primary: true } {
  return isJsonObject(element) && element["primary"] === true;
}
