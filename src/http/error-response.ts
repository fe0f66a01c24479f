import { errorBody, ScimError, unavailable } from "../scim/error.ts";
import { TenantFenced } from "../tenancy/fence.ts";
import { StorageUnavailable } from "../tenancy/unavailable.ts";

export const SCIM_MEDIA_TYPE = "application/scim+json";

/**
 * The one place where a failure becomes an answer's error. What is not the client's fault says nothing of
 * itself; undefined for a bug, which `onError` logs.
 */
export function scimErrorOf(error: unknown): ScimError | undefined {
  if (error instanceof ScimError) return error;
  if (error instanceof StorageUnavailable) {
    return unavailable(
      "The database cannot answer now. Send the same request again: what it asks for is done once.",
      error.retryAfterSeconds,
    );
  }
  if (error instanceof TenantFenced) {
    return unavailable(
      "The settings of this tenant are being changed. Send the same request again.",
      1,
    );
  }
  return undefined;
}

/** An error as an answer; 401 names the scheme that it asks for (RFC 7235 §3.1). */
export function errorResponse(
  error: Pick<ScimError, "status" | "scimType" | "detail" | "retryAfterSeconds">,
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify(errorBody(error)), {
    status: error.status,
    headers: {
      "Content-Type": SCIM_MEDIA_TYPE,
      ...(error.retryAfterSeconds !== undefined && {
        "Retry-After": String(error.retryAfterSeconds),
      }),
      ...(error.status === 401 && { "WWW-Authenticate": 'Bearer realm="SCIM"' }),
      ...headers,
    },
  });
}
