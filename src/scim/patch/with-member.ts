import type { JsonObject, JsonValue } from "../json.ts";

/** The object with one member set, or without it. Computed keys define, they do not assign: no prototype is reached. */
export function withMember(
  object: JsonObject,
  name: string,
  value: JsonValue | undefined,
): JsonObject {
  if (value !== undefined) return { ...object, [name]: value };
  if (!Object.hasOwn(object, name)) return object;
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
}

/** A value, or undefined for an empty list or object: documents hold neither (RFC 7643 §2.5). */
export function orNothing(value: JsonValue | undefined): JsonValue | undefined {
  const isEmpty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
  return isEmpty ? undefined : value;
}
