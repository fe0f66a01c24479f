import { invalidValue } from "../error.ts";
import type { JsonValue } from "../json.ts";
import { readMessage } from "../read-message.ts";

export const SEARCH_REQUEST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/**
 * The body of a query by POST (RFC 7644 §3.4.3, RFC 9865 §3) as the parameters that a query by GET would have: what
 * `parseListQuery` takes. `null` is the same as nothing; an empty `cursor` stays, because it asks for a first page.
 * Members that the message does not have are ignored, as are unknown parameters of a GET.
 */
export function readSearchRequest(body: JsonValue): Record<string, string | undefined> {
  const read = readMessage(body, SEARCH_REQUEST_SCHEMA);
  const text = (name: string) => readText(name, read(name) ?? undefined);
  const names = (name: string) => readNames(name, read(name) ?? undefined);
  const integer = (name: string) => readNumber(name, read(name) ?? undefined);
  return {
    attributes: names("attributes"),
    excludedAttributes: names("excludedAttributes"),
    filter: text("filter"),
    sortBy: text("sortBy"),
    sortOrder: text("sortOrder"),
    startIndex: integer("startIndex"),
    count: integer("count"),
    cursor: text("cursor"),
  };
}

function readText(name: string, value: JsonValue | undefined): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw invalidValue(`"${name}" must be a string.`);
}

/** A list, or the text that the parameter of a GET would be. */
function readNames(name: string, value: JsonValue | undefined): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  if (Array.isArray(value) && value.every((element) => typeof element === "string"))
    return value.join(",");
  throw invalidValue(`"${name}" must be a list of attribute names.`);
}

/** A number as its digits: whether it is a whole one is judged where those of a GET are. */
function readNumber(name: string, value: JsonValue | undefined): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  if (typeof value !== "number") throw invalidValue(`"${name}" must be a whole number.`);
  const { MIN_SAFE_INTEGER: least, MAX_SAFE_INTEGER: most } = Number;
  return String(Number.isInteger(value) ? Math.min(most, Math.max(least, value)) : value);
}
