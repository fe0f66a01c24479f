import { routePath } from "hono/route";
import type { MiddlewareHandler } from "hono";

import type { ScimEnv } from "../scim-env.ts";

/**
 * Gives the request its id, and one JSON line in the log when it is answered. The line holds the pattern of
 * the route and never the URL: filters carry names and addresses.
 */
export const requestLog: MiddlewareHandler<ScimEnv> = async function requestLog(context, next) {
  const start = context.env.now();
  context.set("requestId", context.env.newRequestId());
  await next();
  context.header("Cache-Control", "no-store");
  context.header("X-Request-Id", context.var.requestId);
  const admission = context.var.authentication?.admission;
  console.log(
    JSON.stringify({
      event: "request",
      requestId: context.var.requestId,
      method: context.req.method,
      route: routePath(context, -1),
      status: context.res.status,
      ...context.var.outcome,
      tenant: admission?.tenant.id,
      token: admission?.credential.id,
      ms: context.env.now() - start,
    }),
  );
};
