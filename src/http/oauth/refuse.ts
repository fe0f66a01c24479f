import type { Context } from "hono";

import type { OAuthEnv } from "./oauth-env.ts";
import { type TokenError, tokenErrorResponse } from "./token-error.ts";

/** The answer that an error is, noted for the log. */
export function refuse(context: Context<OAuthEnv>, error: TokenError): Response {
  context.set("outcome", { ...context.var.outcome, error: error.code });
  return tokenErrorResponse(error);
}
