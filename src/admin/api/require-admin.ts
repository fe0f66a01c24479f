import type { MiddlewareHandler } from "hono";

import { authenticateAdmin } from "../../tenancy/admin-principal.ts";
import type { AdminEnv } from "./admin-env.ts";
import { problem } from "./problem.ts";

/**
 * Lets only administrators further. Stands before every route and before the answer for unknown paths, not on
 * a list of paths: a path that is spelled in an unforeseen way then meets it too (CVE-2026-32130). One text
 * for every refusal; the reason goes to the log.
 */
export function requireAdmin(adminKeys: readonly string[]): MiddlewareHandler<AdminEnv> {
  return async function adminOnly(context, next) {
    const outcome = await authenticateAdmin(context.req.header("Authorization") ?? null, adminKeys);
    switch (outcome.kind) {
      case "admitted":
        context.set("principal", outcome.principal);
        return next();
      case "refused":
        console.warn(
          JSON.stringify({
            event: "admin-refused",
            requestId: context.var.requestId,
            reason: outcome.reason,
          }),
        );
        return problem(
          context,
          401,
          "Send the header Authorization: Bearer, with a key of this API.",
          {
            headers: { "WWW-Authenticate": 'Bearer realm="admin"' },
          },
        );
    }
  };
}
