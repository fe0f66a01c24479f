import type { DirectoryContext } from "../../directory/context.ts";
import type { ListPosition } from "../../directory/ports.ts";
import { decodeCursor, encodeCursor, queryFingerprint } from "../../scim/list/cursor.ts";
import { parseListQuery, type ListQuery } from "../../scim/list/list-query.ts";
import { listResponse } from "../../scim/list/list-response.ts";
import type { Listing } from "./resource-answer.ts";
import type { ResourceTarget } from "./resource-target.ts";

/** The query of a list, and behind which resource its page begins when it pages by cursor. */
function positionOf(
  query: ListQuery,
  fingerprint: string,
  now: number,
): ListPosition | "start" | undefined {
  if (query.cursor === undefined) return undefined;
  return query.cursor === "" ? "start" : decodeCursor(query.cursor, fingerprint, now);
}

/** A page of one resource type, as GET and as a search by POST answer it (RFC 7644 §3.4.2, RFC 9865). */
export async function listResources(
  directory: DirectoryContext,
  { type, endpoint }: ResourceTarget,
  params: Readonly<Record<string, string | undefined>>,
  baseUrl: string,
): Promise<Listing> {
  const query = parseListQuery(params, type);
  const fingerprint = queryFingerprint(type.name, query);
  const now = directory.clock.now();
  const after = positionOf(query, fingerprint, now);
  const page = await endpoint.list(directory, type, { ...query, after, baseUrl });
  const view = { type, projection: query.projection, baseUrl };
  const { total: totalResults, next } = page;
  const nextCursor = next && encodeCursor({ ...next, issuedAt: now }, fingerprint);
  return {
    shown: page.records.map((record) => ({ record, view })),
    envelope: (resources) =>
      listResponse(
        after
          ? { resources, totalResults, nextCursor }
          : { resources, totalResults, startIndex: query.startIndex },
      ),
  };
}
