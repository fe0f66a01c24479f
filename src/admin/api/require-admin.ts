import type { HonoRequest, MiddlewareHandler } from "hono";

import { REFUSED_WAITS_SECONDS } from "../../tenancy/rate-limit.ts";
import { requestFacts } from "../request-facts.ts";
import type { AdminEnv } from "./admin-env.ts";
import { problem, tooManyRequests } from "./problem.ts";

const DETAIL_OF_MANY =
  "Too many requests without a valid key have come from this address. Those with a valid one are answered.";

/**
 * Lets only administrators further. Stands before every route and before the answer for unknown paths, not on
 * a list of paths: a path that is spelled in an unforeseen way then meets it too (CVE-2026-32130). One text
 * for every refusal; the reason goes to the log.
 */
export const requireAdmin: MiddlewareHandler<AdminEnv> = async function adminOnly(context, next) {
  const { req, env } = context;
  const { limits, log, publicUrl } = env;
  const outcome = await env.authenticate({
    header: req.header("Authorization") ?? null,
    // A browser adds what Access knows it by to every request, also to one that another site makes it send.
    assertion: isFromElsewhere(req, publicUrl)
      ? null
      : (req.header("Cf-Access-Jwt-Assertion") ?? null),
  });
  switch (outcome.kind) {
    case "admitted":
      context.set("principal", outcome.principal);
      log.note(requestFacts(outcome.principal));
      return next();
    case "refused":
      log.note({ refusal: outcome.reason });
      // Only who fails is told so: what is valid comes in from every address.
      if (!(await limits.mayFailAgain(req.header("CF-Connecting-IP") ?? ""))) {
        return tooManyRequests(context, DETAIL_OF_MANY, REFUSED_WAITS_SECONDS);
      }
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

function isFromElsewhere(req: HonoRequest, publicUrl: string): boolean {
  const origin = req.header("Origin");
  if (origin !== undefined && origin !== new URL(publicUrl).origin) return true;
  return ["cross-site", "same-site"].includes(req.header("Sec-Fetch-Site") ?? "none");
}
