import type { MiddlewareHandler } from "hono";

import { SENDER_WAITS_SECONDS } from "../../tenancy/rate-limit.ts";
import type { AdminEnv } from "./admin-env.ts";
import { tooManyRequests } from "./problem.ts";

const DETAIL =
  "This key has sent more requests than one may in a minute. Nothing was changed; send the same request again after as many seconds as Retry-After says.";

/** Keys of tenants only, so that none of them floods the others: the operator is who would have to end a flood. */
export const limitRequests: MiddlewareHandler<AdminEnv> = async function limitKeys(context, next) {
  const { limits, log } = context.env;
  const { kind, id } = context.var.principal;
  if (kind === "operator" || (await limits.maySend(id))) return next();
  log.note({ refusal: "too-many-requests" });
  return tooManyRequests(context, DETAIL, SENDER_WAITS_SECONDS);
};
