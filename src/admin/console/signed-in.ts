import type { Context, MiddlewareHandler } from "hono";

import { authenticateAdmin, type AdminPrincipal } from "../../tenancy/admin-principal.ts";
import { csrfToken, isCsrfToken } from "../../tenancy/sessions/session.ts";
import { sessionPrincipal } from "../../tenancy/sessions/session-principal.ts";
import { PERMISSIONS } from "../permissions.ts";
import { requestFacts } from "../request-facts.ts";
import type { ConsoleEnv } from "./console-env.ts";
import { ConsoleRefusal } from "./console-refusal.ts";
import { endSession, sessionOf } from "./session-cookie.ts";

export const SIGN_IN = "/console/sign-in";

/**
 * Stands before every page but those of the door. Without a session the browser goes to sign in and comes back.
 * Every form that changes something carries the token of its session.
 */
export const signedIn: MiddlewareHandler<ConsoleEnv> = async function signedIn(context, next) {
  const owner = await ownerOf(context);
  if (!owner) {
    endSession(context);
    const { pathname, search } = new URL(context.req.url);
    const back =
      context.req.method === "GET" ? `?next=${encodeURIComponent(pathname + search)}` : "";
    return context.redirect(SIGN_IN + back, 303);
  }
  const { signingKeys } = context.env;
  if (context.req.method !== "GET" && context.req.method !== "HEAD") {
    const { csrf } = await context.req.parseBody();
    if (typeof csrf !== "string" || !(await isCsrfToken(csrf, owner.sessionId, signingKeys))) {
      throw new ConsoleRefusal({
        kind: "forbidden",
        detail:
          "This form is too old, or was not made by this console. Nothing was changed. Load the page again.",
      });
    }
  }
  const { principal } = owner;
  context.env.admin.log.note(requestFacts(principal));
  context.set("view", {
    principal,
    csrf: await csrfToken(owner.sessionId, signingKeys[0]),
    may: (operation) => PERMISSIONS[operation].includes(principal.kind),
  });
  return next();
};

interface Owner {
  readonly principal: AdminPrincipal;
  readonly sessionId: string;
}

async function ownerOf(context: Context<ConsoleEnv>): Promise<Owner | undefined> {
  const { authentication, signingKeys, admissions } = context.env;
  const session = await sessionOf(context);
  if (session) {
    const { adminKeys, clock } = authentication;
    const deps = { adminKeys, signingKeys, admissions, clock };
    const principal = await sessionPrincipal(session.owner, deps);
    if (principal) return { principal, sessionId: session.id };
  }
  const assertion = context.req.header("Cf-Access-Jwt-Assertion") ?? null;
  const outcome = await authenticateAdmin({ header: null, assertion }, authentication);
  return outcome.kind === "admitted"
    ? { principal: outcome.principal, sessionId: `access ${outcome.principal.hint}` }
    : undefined;
}
