import type { MiddlewareHandler } from "hono";

import { tooManyRequests } from "../../scim/error.ts";
import { SENDER_WAITS_SECONDS } from "../../tenancy/rate-limit.ts";
import type { ScimEnv } from "../scim-env.ts";

const DETAIL =
  "This token has sent more requests than one may in a minute. Nothing was changed; send the same request again after as many seconds as Retry-After says.";

/**
 * So that one tenant's flood is not everybody's: behind `authenticate`, since an identity provider's address serves
 * many tenants, and in front of whatever reads the body. A request of Bulk is one.
 */
export const limitRequests: MiddlewareHandler<ScimEnv> = async function limitRequests(
  context,
  next,
) {
  const { limits, log } = context.env;
  const { credential, tenant } = context.var.authentication.admission;
  // All access tokens of a client are one; and the deployment's own token has one id, whichever tenant it is of.
  if (!(await limits.maySend(`${credential.clientId ?? credential.id}:${tenant.slug}`))) {
    log.note({ refusal: "too-many-requests" });
    throw tooManyRequests(DETAIL, SENDER_WAITS_SECONDS);
  }
  await next();
};
