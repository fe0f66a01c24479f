import type { DirectoryContext } from "../../directory/context.ts";
import type { ListPosition } from "../../directory/ports.ts";
import { invalidCursor, invalidFilter, ScimError } from "../../scim/error.ts";
import { decodeCursor, encodeCursor, queryFingerprint } from "../../scim/list/cursor.ts";
import { parseListQuery, type ListQuery } from "../../scim/list/list-query.ts";
import { listResponse } from "../../scim/list/list-response.ts";
import type { ResourceType } from "../../scim/schema/attribute.ts";
import type { Listing } from "../resources/resource-answer.ts";
import type { PagedRecord } from "../resources/resource-endpoint.ts";
import { resourceTarget, type ResourceTarget } from "../resources/resource-target.ts";
import type { ShownRecord } from "../resources/resource-text.ts";

interface TypedQuery {
  readonly target: ResourceTarget;
  readonly query: ListQuery;
}

/** The query for one resource type, or the fault that it is for this type. */
function queryFor(
  params: Readonly<Record<string, string | undefined>>,
  type: ResourceType,
): ListQuery | ScimError {
  try {
    return parseListQuery(params, type);
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
}

/**
 * The query as each resource type understands it. A type that lacks an attribute of the filter has no resource
 * that matches (RFC 7644 §3.4.2.1), and one that lacks the attribute of the order keeps its own (§3.4.2.3: no value).
 * What no type understands is a fault of the query.
 */
function understood(
  directory: DirectoryContext,
  types: readonly ResourceType[],
  params: Readonly<Record<string, string | undefined>>,
): TypedQuery[] {
  const given = types.map((type) => ({ type, query: queryFor(params, type) }));
  const fault = given.map(({ query }) => query).find((query) => query instanceof ScimError);
  if (given.every(({ query }) => query instanceof ScimError)) {
    throw fault ?? invalidFilter("No resource type of this tenant can be searched.");
  }
  return given.flatMap(({ type, query: asGiven }) => {
    const lacksOrder = asGiven instanceof ScimError && asGiven.scimType === "invalidPath";
    const query = lacksOrder ? queryFor({ ...params, sortBy: undefined }, type) : asGiven;
    if (query instanceof ScimError) return [];
    return [{ target: resourceTarget(directory, type.endpoint.slice(1)), query }];
  });
}

/** A cursor of this search: the type that the page begins in, and the place in its list. */
const LAST_OF = /^([^/]+)\/(.*)$/;

/** The types from the one that a cursor names, each with where its list begins. */
function beginAt(queries: readonly TypedQuery[], position: ListPosition | undefined) {
  const [, typeName = "", id = ""] = LAST_OF.exec(position?.id ?? "") ?? [];
  const first = queries.findIndex(({ target }) => target.type.name === typeName);
  if (position && first === -1) throw invalidCursor("The cursor does not belong to this search.");
  return queries.map((query, index) => {
    const isBefore = index < first;
    const isFirst = position !== undefined && index === first && id !== "";
    return { ...query, isBefore, after: isFirst ? { ...position, id } : ("start" as const) };
  });
}

/** Every page tells the total of all types, so that each is asked, the ones outside the page for its total alone. */
async function searchByCursor(
  directory: DirectoryContext,
  queries: readonly TypedQuery[],
  baseUrl: string,
): Promise<Listing> {
  const { query } = queries.find((typed) => typed.query.sortBy) ?? queries[0] ?? {};
  const scope = queries.map(({ target }) => target.type.name).join(" ");
  const fingerprint = queryFingerprint(`/ ${scope}`, query ?? NO_QUERY);
  const now = directory.clock.now();
  const cursor = query?.cursor ?? "";
  const position = cursor === "" ? undefined : decodeCursor(cursor, fingerprint, now);
  const shown: ShownRecord[] = [];
  let totalResults = 0;
  let next: ListPosition | undefined;
  for (const { target, query: own, isBefore, after } of beginAt(queries, position)) {
    const { type, endpoint } = target;
    const count = isBefore || next ? 0 : own.count - shown.length;
    const page = await endpoint.list(directory, type, { ...own, after, count, baseUrl });
    totalResults += page.total;
    shown.push(...shownAs(page.records, target, own, baseUrl));
    // A full page ends here, or before the first resource of a type that has some.
    if (isBefore || next || own.count === 0) continue;
    if (page.next) next = { ...page.next, id: `${type.name}/${page.next.id}` };
    else if (count === 0 && page.total > 0) next = { id: `${type.name}/`, sortValue: undefined };
  }
  const nextCursor = next && encodeCursor({ ...next, issuedAt: now }, fingerprint);
  return {
    shown,
    envelope: (resources) => listResponse({ resources, totalResults, nextCursor }),
  };
}

/**
 * A search over the resource types that the token may read, one type after the other, so that a page may end
 * one and begin the next.
 */
export async function searchAll(
  directory: DirectoryContext,
  types: readonly ResourceType[],
  params: Readonly<Record<string, string | undefined>>,
  baseUrl: string,
): Promise<Listing> {
  const queries = understood(directory, types, params);
  if (params["cursor"] !== undefined) return searchByCursor(directory, queries, baseUrl);
  const shown: ShownRecord[] = [];
  let totalResults = 0;
  let startIndex = 1;
  for (const { target, query } of queries) {
    startIndex = query.startIndex;
    // Where the page begins within this type, after those that came before it.
    const begin = Math.max(1, query.startIndex - totalResults);
    const count = Math.max(0, query.count - shown.length);
    const { type, endpoint } = target;
    const page = await endpoint.list(directory, type, {
      ...query,
      startIndex: begin,
      count,
      baseUrl,
    });
    totalResults += page.total;
    shown.push(...shownAs(page.records, target, query, baseUrl));
  }
  return {
    shown,
    envelope: (resources) => listResponse({ resources, totalResults, startIndex }),
  };
}

const NO_QUERY = { filter: undefined, sortBy: undefined, sortOrder: "ascending" } as const;

const shownAs = (
  records: readonly PagedRecord[],
  { type }: ResourceTarget,
  { projection }: ListQuery,
  baseUrl: string,
): ShownRecord[] => records.map((record) => ({ record, view: { type, projection, baseUrl } }));
