import type { Context } from "hono";

import { ACCESS_TOKEN_SECONDS, type ClientRefusal } from "../../tenancy/clients/grant-access.ts";
import type { Admission } from "../../tenancy/credential.ts";
import { REFUSED_WAITS_SECONDS } from "../../tenancy/rate-limit.ts";
import { useToNote } from "../../tenancy/use-to-note.ts";
import { identityProviderOf } from "../identity-provider.ts";
import type { OAuthEnv } from "./oauth-env.ts";
import { readForm } from "./read-form.ts";
import { refuse } from "./refuse.ts";
import { INVALID_CLIENT, temporarilyUnavailable, type TokenError } from "./token-error.ts";
import { readTokenRequest } from "./token-request.ts";

const MOVING_RETRY_AFTER_SECONDS = 60;

/** `POST /token` (RFC 6749 §4.4). */
export async function issueAccessToken(context: Context<OAuthEnv>): Promise<Response> {
  const form = await readForm(context.req.raw);
  if (form.kind === "refused") return refuse(context, form.error);
  const authorization = context.req.header("Authorization") ?? null;
  const read = readTokenRequest(form.parameters, authorization);
  if (read.kind === "refused") {
    return read.error === INVALID_CLIENT ? refuseClient(context) : refuse(context, read.error);
  }
  const grant = await context.env.grant(read.request);
  if (grant.kind === "refused") return refuseClient(context, grant.reason);
  const { credential, tenant } = grant.admission;
  context.env.log.note({ tenant: tenant.id, token: credential.id });
  switch (grant.kind) {
    case "granted":
      noteUse(context, grant.admission);
      return context.json({
        access_token: grant.token,
        token_type: "Bearer",
        expires_in: ACCESS_TOKEN_SECONDS,
        scope: grant.scopes.join(" "),
      });
    case "beyond-scopes":
      return refuse(context, {
        code: "invalid_scope",
        description: `This client has the scopes ${credential.scopes.join(" ")}. Ask for some of them, or for none to get all.`,
        status: 400,
      });
    case "sso-inactive":
      return refuse(context, {
        code: "unauthorized_client",
        description:
          "This tenant requires single sign-on, and it is not active yet. Set up single sign-on first.",
        status: 400,
      });
    case "moving":
      return refuse(
        context,
        temporarilyUnavailable(
          "This tenant is being moved to another database. Send the same request again in a few minutes.",
          MOVING_RETRY_AFTER_SECONDS,
        ),
      );
  }
}

/** Whoever guesses is slowed down; a client that knows its secret does not come here. */
async function refuseClient(context: Context<OAuthEnv>, reason?: ClientRefusal): Promise<Response> {
  const address = context.req.header("CF-Connecting-IP") ?? "";
  if (await context.env.mayFailAgain(address)) return refuse(context, INVALID_CLIENT, reason);
  const error: TokenError = {
    code: "temporarily_unavailable",
    description:
      "Too many requests without a valid client secret have come from this address. Those with a valid one are answered.",
    status: 429,
    headers: { "Retry-After": String(REFUSED_WAITS_SECONDS) },
  };
  return refuse(context, error, reason);
}

function noteUse(context: Context<OAuthEnv>, admission: Admission): void {
  const by = identityProviderOf(context.req);
  const use = useToNote(admission.credential.lastUsedAt, by, context.env.now());
  if (!use) return;
  // When a secret was used last is for people; nothing depends on it.
  const noted = context.env.noteUse(admission, use);
  context.executionCtx.waitUntil(noted.catch(() => undefined));
}
