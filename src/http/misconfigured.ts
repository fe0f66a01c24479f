import { ScimError } from "../scim/error.ts";
import { errorResponse } from "./error-response.ts";

const RETRY_AFTER_SECONDS = 300;

/** What a deployment answers to everything while its configuration is not complete: what to type, and no value. */
export function misconfigured(problems: readonly string[]): Response {
  for (const problem of problems)
    console.error(JSON.stringify({ event: "misconfigured", problem }));
  const detail = `This deployment is not configured yet. ${problems.join(". ")}.`;
  return errorResponse(new ScimError(503, undefined, detail, RETRY_AFTER_SECONDS));
}
