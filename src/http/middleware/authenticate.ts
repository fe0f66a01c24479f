import type { MiddlewareHandler } from "hono";

import { tooManyRequests, unauthorized } from "../../scim/error.ts";
import { REFUSED_WAITS_SECONDS } from "../../tenancy/rate-limit.ts";
import { useToNote } from "../../tenancy/use-to-note.ts";
import { identityProviderOf } from "../identity-provider.ts";
import type { ScimEnv } from "../scim-env.ts";

const TENANT_PATH = /^\/api\/v1\/tenants\/([^/]+)\/scim\/v2(?:\/|$)/;

/** One text for every reason: which one it was stands in the log alone. */
const DETAIL =
  "The bearer token is missing or not valid. Copy the token of this tenant into the Secret Token (Entra ID) or API Token (Okta) field of your identity provider.";
const DETAIL_OF_MANY =
  "Too many requests without a valid bearer token have come from this address. Those with a valid one are answered.";

/**
 * Stands on every path, known or not, so that no spelling of a path gets past it. The token alone says which
 * tenant the request is for; where the URL names one too, a token of another tenant is no token. An address that
 * fails too often is told so, and only when it fails: identity providers have few addresses for many tenants.
 */
export const authenticate: MiddlewareHandler<ScimEnv> = async function authenticate(context, next) {
  const { limits, log } = context.env;
  const slug = TENANT_PATH.exec(context.req.path)?.[1];
  const authentication = await context.env.authenticate({
    header: context.req.header("Authorization") ?? null,
    slug,
  });
  if (authentication.kind === "refused") {
    const { reason } = authentication;
    const token = "credentialId" in reason ? reason.credentialId : undefined;
    log.note({ refusal: reason.kind, token });
    const mayFailAgain = await limits.mayFailAgain(context.req.header("CF-Connecting-IP") ?? "");
    throw mayFailAgain
      ? unauthorized(DETAIL)
      : tooManyRequests(DETAIL_OF_MANY, REFUSED_WAITS_SECONDS);
  }
  const { tenant } = authentication.admission;
  context.set("authentication", authentication);
  context.set(
    "baseUrl",
    slug === undefined
      ? `${context.env.publicUrl}/api/v1/scim/v2`
      : `${context.env.publicUrl}/api/v1/tenants/${tenant.slug}/scim/v2`,
  );
  await next();
  // Behind the fence the request was admitted anew, or refused after all.
  const { admission } = context.var.authentication;
  if (context.res.status === 401) return;
  const by = identityProviderOf(context.req);
  const use = useToNote(admission.credential.lastUsedAt, by, context.env.now());
  if (use) {
    const noted = context.env.noteUse(admission, use);
    context.executionCtx.waitUntil(noted.catch(() => undefined));
  }
};
