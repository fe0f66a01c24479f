import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";

import { type SessionOwner, signSession } from "../../tenancy/sessions/session.ts";
import type { ConsoleEnv } from "./console-env.ts";

type ConsoleContext = Context<ConsoleEnv>;

// The prefix binds the cookie to this very host; a browser takes it over https only, which local development is not.
const isHttps = (context: ConsoleContext) => context.env.admin.publicUrl.startsWith("https:");
const nameOf = (context: ConsoleContext) => (isHttps(context) ? "__Host-session" : "session");
const OPTIONS = { httpOnly: true, sameSite: "Strict", path: "/" } as const;

export const sessionCookie = (context: ConsoleContext): string | undefined =>
  getCookie(context, nameOf(context));

export async function beginSession(context: ConsoleContext, owner: SessionOwner): Promise<void> {
  const { signingKeys, admin } = context.env;
  const session = { id: admin.ids.next(), owner };
  const { value, lifeSeconds } = await signSession(session, signingKeys, admin.clock);
  setCookie(context, nameOf(context), value, {
    ...OPTIONS,
    secure: isHttps(context),
    maxAge: lifeSeconds,
  });
}

export function endSession(context: ConsoleContext): void {
  deleteCookie(context, nameOf(context), { ...OPTIONS, secure: isHttps(context) });
}
