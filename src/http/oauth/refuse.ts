import type { Context } from "hono";

import type { ClientRefusal } from "../../tenancy/clients/grant-access.ts";
import type { OAuthEnv } from "./oauth-env.ts";
import { type TokenError, tokenErrorResponse } from "./token-error.ts";

/** The answer that an error is. The log is told the reason where there is a better one than the wire hears. */
export function refuse(
  context: Context<OAuthEnv>,
  error: TokenError,
  reason?: ClientRefusal,
): Response {
  context.env.log.note({ refusal: reason ?? error.code });
  return tokenErrorResponse(error);
}
