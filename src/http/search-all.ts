import type { DirectoryContext } from "../directory/context.ts";
import { invalidCursor, invalidFilter, ScimError } from "../scim/error.ts";
import type { JsonObject } from "../scim/json.ts";
import { parseListQuery, type ListQuery } from "../scim/list/list-query.ts";
import { listResponse } from "../scim/list/list-response.ts";
import { project } from "../scim/list/projection.ts";
import { represent } from "../scim/represent.ts";
import type { ResourceType } from "../scim/schema/attribute.ts";
import { resourceTarget, type ResourceTarget } from "./resource-target.ts";

interface TypedQuery {
  readonly target: ResourceTarget;
  readonly query: ListQuery;
}

/**
 * The query as each resource type understands it. A type that lacks an attribute of the filter has no resource
 * that matches (RFC 7644 §3.4.2.1); a filter that no type understands is a fault of the filter.
 */
function understood(
  directory: DirectoryContext,
  types: readonly ResourceType[],
  params: Readonly<Record<string, string | undefined>>,
): TypedQuery[] {
  const faults: ScimError[] = [];
  const queries = types.flatMap((type) => {
    try {
      const target = resourceTarget(directory, type.endpoint.slice(1));
      return [{ target, query: parseListQuery(params, type) }];
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
      faults.push(error);
      return [];
    }
  });
  if (queries.length > 0) return queries;
  throw faults[0] ?? invalidFilter("No resource type of this tenant can be searched.");
}

/**
 * A search over the resource types that the token may read, one type after the other, so that a page may end
 * one and begin the next. Pages by index only: a cursor belongs to one type's order.
 */
export async function searchAll(
  directory: DirectoryContext,
  types: readonly ResourceType[],
  params: Readonly<Record<string, string | undefined>>,
  baseUrl: string,
): Promise<JsonObject> {
  if (params["cursor"] !== undefined) {
    throw invalidCursor(
      'A search over all resource types pages by "startIndex". Search one type, such as /Users/.search, to page by cursor.',
    );
  }
  const queries = understood(directory, types, params);
  const resources: JsonObject[] = [];
  let totalResults = 0;
  let startIndex = 1;
  for (const { target, query } of queries) {
    const { type, endpoint } = target;
    startIndex = query.startIndex;
    // Where the page begins within this type, after those that came before it.
    const begin = Math.max(1, query.startIndex - totalResults);
    const count = Math.max(0, query.count - resources.length);
    const page = await endpoint.list(directory, type, { ...query, startIndex: begin, count });
    totalResults += page.total;
    resources.push(
      ...page.records.map((record) =>
        project(represent(record, type, baseUrl), query.projection, type),
      ),
    );
  }
  return listResponse({ resources, totalResults, startIndex });
}
