import { invalidCount, invalidPath, invalidValue, type ScimError } from "../error.ts";
import type { AttributePath, Filter } from "../filter/ast.ts";
import { parseFilter } from "../filter/parse.ts";
import { parseProjection, type Projection } from "./projection.ts";
import type { ResourceType } from "../schema/attribute.ts";
import { findPath, findSubAttribute } from "../schema/find-attribute.ts";
import { isStored } from "../schema/is-stored.ts";

/** Also the `defaultPageSize` of the discovery document. */
export const DEFAULT_COUNT = 100;
/** Also the `maxResults` and `maxPageSize` of the discovery document. */
export const MAX_COUNT = 200;

/** RFC 7644 §3.4.2 and RFC 9865 §2: what a list request asks for. */
export interface ListQuery {
  readonly filter: Filter | undefined;
  /** From 1. Means nothing when there is a cursor. */
  readonly startIndex: number;
  /** Undefined asks for paging by index, empty for the first page by cursor; else as `decodeCursor` takes it. */
  readonly cursor: string | undefined;
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
 *
 * A `cursor`, even an empty one, asks for paging by cursor; without it, paging is by index (RFC 9865 §2.4).
 */
export function parseListQuery(
  params: Readonly<Record<string, string | undefined>>,
  type: ResourceType,
): ListQuery {
  const sortBy = given(params["sortBy"]);
  const cursor = params["cursor"];
  const fault = cursor === undefined ? invalidValue : invalidCount;
  const count = readInteger("count", params["count"], fault) ?? DEFAULT_COUNT;
  return {
    filter: params["filter"] === undefined ? undefined : parseFilter(params["filter"], type),
    startIndex: readStartIndex(params["startIndex"], cursor),
    cursor,
    count: Math.min(MAX_COUNT, Math.max(0, count)),
    sortBy: sortBy === undefined ? undefined : readSortBy(sortBy, type),
    sortOrder: readSortOrder(given(params["sortOrder"])),
    projection: parseProjection(params, type),
  };
}

function given(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text.trim();
}

/**
 * RFC 9865 §2.4 lets a client choose by one parameter "or" the other and leaves both together open. A start at 1 says no
 * more than a cursor does; any other is refused, because whichever way of paging won, the client would miss people.
 */
function readStartIndex(text: string | undefined, cursor: string | undefined): number {
  const startIndex = Math.max(1, readInteger("startIndex", text, invalidValue) ?? 1);
  if (cursor !== undefined && startIndex > 1)
    throw invalidValue('"startIndex" and "cursor" ask for two ways of paging. Send one of them.');
  return startIndex;
}

function readInteger(
  name: string,
  text: string | undefined,
  fault: (detail: string) => ScimError,
): number | undefined {
  const digits = given(text);
  if (digits === undefined) return undefined;
  if (!/^[+-]?\d+$/.test(digits)) throw fault(`The parameter "${name}" must be a whole number.`);
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
  if (!canSort) throw notSortable();
  if (path.attribute.type !== "complex" || path.subAttribute !== undefined) return readable(path);
  // §3.4.2.3: a multi-valued attribute is sorted by its primary element, or else its first; that is, by its `value`.
  const value = findSubAttribute(path.attribute, "value");
  if (value === undefined) {
    throw invalidPath(
      `"sortBy" must name a sub-attribute of "${path.attribute.name}", such as "${path.attribute.name}.${path.attribute.subAttributes?.[0]?.name}".`,
    );
  }
  return readable({ ...path, subAttribute: value });
}

/** What is never returned must not be found out by the order of a list either (RFC 7644 §7.5). */
function readable(path: AttributePath): AttributePath {
  if (path.attribute.returned === "never" || path.subAttribute?.returned === "never")
    throw notSortable();
  return path;
}

const notSortable = (): ScimError =>
  invalidPath('"sortBy" must name an attribute of the resource that can be sorted by.');

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
