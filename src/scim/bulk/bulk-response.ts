import type { BulkOperationFacts } from "./bulk-request.ts";
import { errorBody, type ScimError } from "../error.ts";
import type { JsonObject } from "../json.ts";
import { locationOf } from "../represent.ts";
import type { ResourceType } from "../schema/attribute.ts";

export const BULK_RESPONSE_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

/** What became of one operation. */
export interface BulkResult {
  readonly operation: BulkOperationFacts;
  /** Undefined for a POST that created nothing, and where the path leads to no resource. */
  readonly resource: { readonly type: ResourceType; readonly id: string } | undefined;
  /** The entity tag. */
  readonly version: string | undefined;
  readonly status: number;
  readonly error: ScimError | undefined;
}

/**
 * The message of RFC 7644 §3.7.3: the operations that were tried, in the order of the request. `status` is a string, as
 * the RFC's examples of it are, and only a failure has a `response`.
 */
export function bulkResponse(results: Iterable<BulkResult>, baseUrl: string): JsonObject {
  const inOrder = [...results].toSorted((a, b) => a.operation.index - b.operation.index);
  return {
    schemas: [BULK_RESPONSE_SCHEMA],
    Operations: inOrder.map(({ operation, resource, version, status, error }) => ({
      ...(resource && { location: locationOf(resource.type, resource.id, baseUrl) }),
      ...(operation.method !== undefined && { method: operation.method }),
      ...(operation.bulkId !== undefined && { bulkId: operation.bulkId }),
      ...(version !== undefined && { version }),
      status: String(status),
      ...(error && { response: errorBody(error) }),
    })),
  };
}
