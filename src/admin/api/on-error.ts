import type { Context } from "hono";

import { framesOf } from "../../tenancy/frames-of.ts";
import { StorageUnavailable } from "../../tenancy/unavailable.ts";
import type { AdminEnv } from "./admin-env.ts";
import { problem } from "./problem.ts";

/**
 * What nobody expected. A database that cannot answer is 503: nothing is said about what is or is not there.
 * Everything else is a bug: an opaque 500, and a line in the log under the same request id.
 */
export function onError(error: Error, context: Context<AdminEnv>): Response {
  if (error instanceof StorageUnavailable) {
    console.warn(logLine("unavailable", error, context));
    return problem(context, 503, "The database cannot answer now. Send the same request again.", {
      headers: { "Retry-After": String(error.retryAfterSeconds) },
    });
  }
  console.error(logLine("error", error, context));
  return problem(context, 500, "This is a fault of the server. Tell its operator the requestId.");
}

/** Without messages: those of the database driver hold SQL and its values, and so people's addresses. */
function logLine(event: string, error: Error, context: Context<AdminEnv>): string {
  return JSON.stringify({
    event,
    requestId: context.var.requestId,
    method: context.req.method,
    operation: context.var.operation,
    error: error.name,
    cause: error.cause instanceof Error ? error.cause.name : undefined,
    stack: framesOf(error),
  });
}
