import type { MiddlewareHandler } from "hono";

import type { ConsoleEnv } from "./console-env.ts";
import { ConsoleRefusal } from "./console-refusal.ts";

/**
 * Forms of other sites get nowhere, those of the door included, which have no session yet. Browsers say where a
 * form comes from; who is no browser cannot be made to send what its user did not want.
 */
export const sameOrigin: MiddlewareHandler<ConsoleEnv> = async function sameOrigin(context, next) {
  if (context.req.method === "GET" || context.req.method === "HEAD") return next();
  const site = context.req.header("Sec-Fetch-Site");
  const origin = context.req.header("Origin");
  const own = [new URL(context.req.url).origin, new URL(context.env.admin.publicUrl).origin];
  const isOwn =
    site === undefined ? origin === undefined || own.includes(origin) : site === "same-origin";
  if (isOwn) return next();
  throw new ConsoleRefusal({ kind: "forbidden", detail: "This form comes from another site." });
};
