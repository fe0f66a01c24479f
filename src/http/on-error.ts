import type { Context } from "hono";

import { ScimError } from "../scim/error.ts";
import { framesOf } from "../tenancy/frames-of.ts";
import { StorageUnavailable } from "../tenancy/unavailable.ts";
import { errorResponse, scimErrorOf } from "./error-response.ts";
import type { ScimEnv } from "./scim-env.ts";

/** A statement that D1 refuses looks, from outside, like a database that is down: what stands behind it is told. */
export function logFailure(event: string, failure: Error, requestId: string): void {
  const behind = failure instanceof StorageUnavailable ? failure.cause : undefined;
  const error = behind instanceof Error ? behind : failure;
  console.error(JSON.stringify({ event, requestId, error: error.name, stack: framesOf(error) }));
}

/** Every failure leaves as a SCIM error. A bug is logged under the request id and says nothing on the wire. */
export function onError(error: Error, context: Context<ScimEnv>): Response {
  const known = scimErrorOf(error);
  if (known) {
    context.env.log.note({ scimType: known.scimType });
    if (error instanceof StorageUnavailable) {
      logFailure("storage-unavailable", error, context.var.requestId);
    }
    // RFC 6750 §3.1: a request that brought no credentials is told the scheme and no error.
    const wasRefused = known.status === 401 && context.req.header("Authorization") !== undefined;
    const challenge = { "WWW-Authenticate": 'Bearer realm="SCIM", error="invalid_token"' };
    return errorResponse(known, wasRefused ? challenge : {});
  }
  return faultOf(error, context.var.requestId);
}

/** The answer to a bug: what it was stands in the log alone. */
export function faultOf(error: unknown, requestId: string): Response {
  logFailure("error", error instanceof Error ? error : new Error(), requestId);
  return errorResponse(
    new ScimError(
      500,
      undefined,
      `This is a fault of the server. Tell its operator the request id ${requestId}.`,
    ),
  );
}
