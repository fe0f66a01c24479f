import type { Context, Hono } from "hono";

import { REFUSED_WAITS_SECONDS } from "../../../tenancy/rate-limit.ts";
import { findSetupLink, openSetupLink } from "../../../tenancy/sessions/open-setup-link.ts";
import { signIn } from "../../../tenancy/sessions/sign-in.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { readForm } from "../form.ts";
import { doorPage } from "../page.tsx";
import { TextField } from "../parts/field.tsx";
import { Notice } from "../parts/notice.tsx";
import { Time } from "../parts/time.tsx";
import { beginSession, endSession } from "../session-cookie.ts";
import { SIGN_IN } from "../signed-in.ts";

const SETUP = "/console/setup/:code";

/** Where a person comes in: with a key, or with a set-up link. */
export function doorRoutes(app: Hono<ConsoleEnv>): void {
  app.get(SIGN_IN, (context) => signInPage(context));

  app.post(SIGN_IN, async (context) => {
    const form = await readForm(context);
    const { authentication, signingKeys } = context.env;
    const outcome = await signIn(form.text("key"), { ...authentication, signingKeys });
    if (outcome.kind === "refused") return refuse(context, outcome.reason);
    await beginSession(context, outcome.owner);
    const home =
      outcome.slug === undefined ? "/console/tenants" : `/console/t/${outcome.slug}/overview`;
    return context.redirect(placeOf(form.text("next")) ?? home, 303);
  });

  app.post("/console/sign-out", (context) => {
    endSession(context);
    return context.redirect(SIGN_IN, 303);
  });

  app.get(SETUP, async (context) => {
    const link = await findSetupLink(context.req.param("code"), context.env.authentication);
    if (!link) return usedUp(context);
    return doorPage(
      context,
      { title: "Set up provisioning" },
      <>
        <p class="lead">
          With this link you can connect your identity provider to {link.tenant.slug}, make its
          token, and watch the first requests arrive. It works once, until{" "}
          <Time at={link.credential.expiresAt} />, and gives you one hour.
        </p>
        <form method="post" class="stacked">
          <button>Begin</button>
        </form>
      </>,
    );
  });

  app.post(SETUP, async (context) => {
    const { authentication, admin } = context.env;
    const opened = await openSetupLink(
      context.req.param("code"),
      { ...authentication, credentialsOf: (tenant) => admin.credentialsOf(tenant) },
      context.var.requestId,
    );
    if (!opened) return usedUp(context);
    await beginSession(context, opened.owner);
    return context.redirect(`/console/t/${opened.slug}/connect`, 303);
  });
}

/** Only our own pages: a link to the door must not lead on to somebody else's. */
function placeOf(next: string): string | undefined {
  return /^\/console\/[\w\-./?=&%+:]*$/.test(next) && !next.includes("//") ? next : undefined;
}

async function refuse(context: Context<ConsoleEnv>, reason: string): Promise<Response> {
  context.env.admin.log.note({ refusal: reason });
  const address = context.req.header("CF-Connecting-IP") ?? "";
  if (!(await context.env.mayFailAgain(address))) {
    context.header("Retry-After", String(REFUSED_WAITS_SECONDS));
    return signInPage(
      context,
      "There were too many attempts from your address. Wait a minute.",
      429,
    );
  }
  return signInPage(
    context,
    reason === "reader-key"
      ? "This key is for the back end of a product. The console takes an operator's or an administrator's key."
      : "That is no key of this console, or not any more.",
    401,
  );
}

function signInPage(context: Context<ConsoleEnv>, refusal?: string, status: 200 | 401 | 429 = 200) {
  const { publicUrl } = context.env.admin;
  return doorPage(
    context,
    { title: "Sign in", status },
    <>
      {refusal !== undefined && <Notice tone="bad">{refusal}</Notice>}
      <form method="post" action={SIGN_IN} class="stacked">
        <input type="hidden" name="next" value={context.req.query("next") ?? ""} />
        <TextField
          label="Key"
          name="key"
          type="password"
          required
          autocomplete="current-password"
          hint="The operator's key (secret ADMIN_TOKEN), or the key of a tenant's administrator."
        />
        <div class="actions">
          <button>Sign in</button>
        </div>
      </form>
      <p class="hint">
        Identity providers connect to <code>{publicUrl}/api/v1/scim/v2</code>. The API of this
        console is described <a href="/api/v1/admin/docs">here</a>.
      </p>
    </>,
  );
}

const usedUp = (context: Context<ConsoleEnv>) =>
  doorPage(
    context,
    { title: "This link does not work any more", status: 404 },
    <p>It was used, revoked, or has expired. Ask whoever sent it to you for a new one.</p>,
  );
