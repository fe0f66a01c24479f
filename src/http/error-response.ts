import { ERROR_SCHEMA, ScimError, unavailable } from "../scim/error.ts";
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
      "The database cannot answer now. Nothing was changed; send the same request again.",
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

/** RFC 7644 §3.12: `status` is a string. */
export function errorResponse(
  error: Pick<ScimError, "status" | "scimType" | "detail" | "retryAfterSeconds">,
  headers: Record<string, string> = {},
): Response {
  const body = {
    schemas: [ERROR_SCHEMA],
    status: String(error.status),
    ...(error.scimType !== undefined && { scimType: error.scimType }),
    detail: error.detail,
  };
  return new Response(JSON.stringify(body), {
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
