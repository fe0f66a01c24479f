import type { JsonObject } from "./json.ts";

export const LIST_RESPONSE_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

export interface Page {
  readonly resources: readonly JsonObject[];
  readonly totalResults: number;
  /** As the client asked for it: Entra's validation compares the two. */
  readonly startIndex: number;
}

/**
 * The ListResponse of RFC 7644 §3.4.2. `itemsPerPage` is the number of resources on this page, and `Resources` is there
 * even when it is empty: Okta stops reading at the former and refuses an answer without the latter.
 */
export function listResponse({ resources, totalResults, startIndex }: Page): JsonObject {
  return {
    schemas: [LIST_RESPONSE_SCHEMA],
    totalResults,
    startIndex,
    itemsPerPage: resources.length,
    Resources: [...resources],
  };
}
