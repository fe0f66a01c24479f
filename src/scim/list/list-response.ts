import type { JsonObject } from "../json.ts";

export const LIST_RESPONSE_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

interface IndexPaging {
  /** As the client asked for it: Entra's validation compares the two. */
  readonly startIndex: number;
  readonly nextCursor?: undefined;
  readonly previousCursor?: undefined;
}

interface CursorPaging {
  readonly startIndex?: undefined;
  /** Undefined says that this is the last page, and must say nothing else (RFC 9865 §2). */
  readonly nextCursor: string | undefined;
  /** Not with the first page. */
  readonly previousCursor?: string | undefined;
}

export type Page = {
  readonly resources: readonly JsonObject[];
  readonly totalResults: number;
} & (IndexPaging | CursorPaging);

/**
 * The ListResponse of RFC 7644 §3.4.2 and RFC 9865 §2. `itemsPerPage` is the number of resources on this page, and
 * `Resources` is there even when it is empty: Okta stops reading at the former and refuses an answer without the latter.
 */
export function listResponse(page: Page): JsonObject {
  const { resources, totalResults, startIndex, nextCursor, previousCursor } = page;
  return {
    schemas: [LIST_RESPONSE_SCHEMA],
    totalResults,
    ...(startIndex !== undefined && { startIndex }),
    ...(previousCursor !== undefined && { previousCursor }),
    ...(nextCursor !== undefined && { nextCursor }),
    itemsPerPage: resources.length,
    Resources: [...resources],
  };
}
