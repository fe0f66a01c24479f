import { routePath } from "hono/route";
import type { MiddlewareHandler } from "hono";

import type { ScimEnv } from "../scim-env.ts";

/** Tells the log the pattern of the route and whom the request was for. */
export const requestLog: MiddlewareHandler<ScimEnv> = async function requestLog(context, next) {
  const { log } = context.env;
  context.set("requestId", log.requestId);
  log.note({ app: "scim" });
  await next();
  const admission = context.var.authentication?.admission;
  log.note({
    route: routePath(context, -1),
    ...(admission && { tenant: admission.tenant.id, token: admission.credential.id }),
  });
};
