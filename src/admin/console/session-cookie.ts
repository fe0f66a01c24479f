import type { Context } from "hono";
import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";

import {
  lifeSeconds,
  newSession,
  parseSession,
  type Session,
  type SessionOwner,
} from "../../tenancy/sessions/session.ts";
import type { ConsoleEnv } from "./console-env.ts";

type ConsoleContext = Context<ConsoleEnv>;

// The prefix binds the cookie to this very host; a browser takes it over https only, which local development is not.
const isHttps = (context: ConsoleContext) => context.env.admin.publicUrl.startsWith("https:");
const nameOf = (context: ConsoleContext) => (isHttps(context) ? "__Host-session" : "session");
const OPTIONS = { httpOnly: true, sameSite: "Strict", path: "/" } as const;

/** The session of the request, when one of our keys has signed it and it has not expired. */
export async function sessionOf(context: ConsoleContext): Promise<Session | undefined> {
  const { signingKeys, admin } = context.env;
  for (const key of signingKeys) {
    const text = await getSignedCookie(context, key, nameOf(context));
    if (typeof text === "string") return parseSession(text, admin.clock);
  }
  return undefined;
}

export async function beginSession(context: ConsoleContext, owner: SessionOwner): Promise<void> {
  const { signingKeys, admin } = context.env;
  const session = newSession(admin.ids.next(), owner, admin.clock);
  await setSignedCookie(context, nameOf(context), JSON.stringify(session), signingKeys[0], {
    ...OPTIONS,
    secure: isHttps(context),
    maxAge: lifeSeconds(owner),
  });
}

export function endSession(context: ConsoleContext): void {
  deleteCookie(context, nameOf(context), { ...OPTIONS, secure: isHttps(context) });
}
