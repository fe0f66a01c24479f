import { isJsonObject, type JsonValue } from "../json.ts";

/**
 * Whether two documents say the same. The order of keys and the order of multi-valued values mean nothing (RFC 7643
 * §2.4: the elements of a multi-valued attribute have no order), so that a full re-sync writes nothing.
 */
export function sameDocument(a: JsonValue, b: JsonValue): boolean {
  // Canonical documents have the order of their schema, so that texts differ seldom without a difference.
  return JSON.stringify(a) === JSON.stringify(b) || canonicalText(a) === canonicalText(b);
}

function canonicalText(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).toSorted().join()}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${canonicalText(member)}`,
  );
  return `{${members.toSorted().join()}}`;
}
