import type { Context } from "hono";

import { methodNotAllowed } from "../scim/error.ts";
import { errorResponse } from "./error-response.ts";
import type { ScimEnv } from "./scim-env.ts";

/** OPTIONS is answered (RFC 9110 §9.3.7); any method that an address does not have is 405 with those it has. */
export const otherMethod =
  (allow: string) =>
  (context: Context<ScimEnv>): Response => {
    const headers = { Allow: `${allow}, OPTIONS` };
    if (context.req.method === "OPTIONS") return new Response(null, { status: 204, headers });
    return errorResponse(methodNotAllowed(`This address takes ${allow}.`), headers);
  };
