import { invalidPath, invalidValue } from "./error.ts";
import type { AttributePath, Filter } from "./filter/ast.ts";
import { parseFilter } from "./filter/parse.ts";
import { parseProjection, type Projection } from "./projection.ts";
import type { ResourceType } from "./schema/attribute.ts";
import { findPath, findSubAttribute } from "./schema/find-attribute.ts";
import { isStored } from "./schema/is-stored.ts";

const DEFAULT_COUNT = 100;
/** Also the `maxResults` of the discovery document. */
export const MAX_COUNT = 200;

/** RFC 7644 §3.4.2: what a list request asks for. */
export interface ListQuery {
  readonly filter: Filter | undefined;
  /** From 1. */
  readonly startIndex: number;
  /** From 0, which asks for the total alone. */
  readonly count: number;
  readonly sortBy: AttributePath | undefined;
  readonly sortOrder: "ascending" | "descending";
  readonly projection: Projection;
}

/**
 * Reads the query parameters of a list, or the same members of a search request. Unknown parameters are ignored
 * (Entra appends a feature flag), and numbers out of range are brought into it (§3.4.2.4). What cannot be
 * understood is a 400 and never dropped: a list without its filter would be matched with the wrong people.
 */
export function parseListQuery(
  params: Readonly<Record<string, string | undefined>>,
  type: ResourceType,
): ListQuery {
  const filter = given(params["filter"]);
  const sortBy = given(params["sortBy"]);
  return {
    filter: filter === undefined ? undefined : parseFilter(filter, type),
    startIndex: Math.max(1, readInteger("startIndex", params["startIndex"]) ?? 1),
    count: Math.min(MAX_COUNT, Math.max(0, readInteger("count", params["count"]) ?? DEFAULT_COUNT)),
    sortBy: sortBy === undefined ? undefined : readSortBy(sortBy, type),
    sortOrder: readSortOrder(given(params["sortOrder"])),
    projection: parseProjection(params, type),
  };
}

function given(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text.trim();
}

function readInteger(name: string, text: string | undefined): number | undefined {
  const digits = given(text);
  if (digits === undefined) return undefined;
  if (!/^[+-]?\d+$/.test(digits))
    throw invalidValue(`The parameter "${name}" must be a whole number.`);
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
}

/**
 * The RFC leaves an unknown `sortBy` open (§3.4.2.3). It is refused, because a page in another order than the client
 * believes in makes it miss people.
 */
function readSortBy(name: string, type: ResourceType): AttributePath {
  const path = findPath(type, name);
  const canSort =
    path !== undefined && (isStored(path.attribute) || SORTABLE.has(path.attribute.name));
  if (!canSort)
    throw invalidPath('"sortBy" must name an attribute of the resource that can be sorted by.');
  if (path.attribute.type !== "complex" || path.subAttribute !== undefined) return path;
  // §3.4.2.3: a multi-valued attribute is sorted by its primary element, or else its first; that is, by its `value`.
  const value = findSubAttribute(path.attribute, "value");
  if (value === undefined) {
    throw invalidPath(
      `"sortBy" must name a sub-attribute of "${path.attribute.name}", such as "${path.attribute.name}.${path.attribute.subAttributes?.[0]?.name}".`,
    );
  }
  return { ...path, subAttribute: value };
}

/** Read-only attributes that every stored resource has. */
const SORTABLE: ReadonlySet<string> = new Set(["id", "meta"]);

function readSortOrder(text: string | undefined): "ascending" | "descending" {
  switch (text?.toLowerCase()) {
    case undefined:
    case "ascending":
      return "ascending";
    case "descending":
      return "descending";
  }
  throw invalidValue('"sortOrder" must be "ascending" or "descending".');
}
