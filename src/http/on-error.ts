import type { Context } from "hono";

import { ScimError } from "../scim/error.ts";
import { errorResponse, scimErrorOf } from "./error-response.ts";
import type { ScimEnv } from "./scim-env.ts";

/** Only where in the code, not what the message says: D1's texts can hold SQL and values. */
const framesOf = (error: Error): string[] =>
  (error.stack ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "))
    .slice(0, 8);

/** Every failure leaves as a SCIM error. A bug is logged under the request id and says nothing on the wire. */
export function onError(error: Error, context: Context<ScimEnv>): Response {
  const known = scimErrorOf(error);
  if (known) {
    context.set("outcome", { scimType: known.scimType });
    return errorResponse(known);
  }
  console.error(
    JSON.stringify({
      event: "error",
      requestId: context.var.requestId,
      error: error.name,
      stack: framesOf(error),
    }),
  );
  return errorResponse(
    new ScimError(
      500,
      undefined,
      `This is a fault of the server. Tell its operator the request id ${context.var.requestId}.`,
    ),
  );
}
