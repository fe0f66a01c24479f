import { isJsonObject, type JsonValue } from "../json.ts";

/**
 * The elements of a multi-valued attribute without repetitions and with at most one primary element.
 * Of elements with the same `type` and `value`, and of equal simple values, the first one stays, primary if any
 * of them was; of several primary elements the first one stays primary (RFC 7643 §2.4). Entra adds the same value
 * in cycle after cycle.
 */
export function settleElements(elements: readonly JsonValue[]): JsonValue[] {
  const kept = new Map<string, JsonValue>();
  for (const element of elements) {
    const key = identityOf(element);
    const earlier = kept.get(key);
    if (earlier === undefined) kept.set(key, element);
    else if (isPrimary(element) && isJsonObject(earlier))
      kept.set(key, { ...earlier, primary: true });
  }
  let primaryFound = false;
  return [...kept.values()].map((element) => {
    if (!isPrimary(element)) return element;
    if (primaryFound) return { ...element, primary: false };
    primaryFound = true;
    return element;
  });
}

/** Elements without a `value`, such as addresses, are repetitions only when they are equal in everything. */
function identityOf(element: JsonValue): string {
  if (!isJsonObject(element) || element["value"] === undefined) return JSON.stringify(element);
  return JSON.stringify([element["type"] ?? null, element["value"]]);
}

function isPrimary(element: JsonValue): element is { primary: true } {
  return isJsonObject(element) && element["primary"] === true;
}
