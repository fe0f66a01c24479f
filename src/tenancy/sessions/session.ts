import { jwtVerify, SignJWT } from "jose";
import * as z from "zod/mini";

import type { Clock } from "../clock.ts";
import { digestToken } from "../digest.ts";
import { isOneOf } from "../is-one-of.ts";

const HOUR_SECONDS = 3_600;
/** A working day for who has a key; an hour for who has a link (admin-api.md). */
const LIFE_SECONDS = { operator: 10 * HOUR_SECONDS, admin: 10 * HOUR_SECONDS, setup: HOUR_SECONDS };

/** Whom a session of the console stands for. It holds no key: a key that is revoked or replaced ends it. */
export const SessionOwner = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("operator"), keyPrint: z.string() }),
  z.object({ kind: z.literal("admin"), tenantId: z.string(), credentialId: z.string() }),
  z.object({ kind: z.literal("setup"), tenantId: z.string(), credentialId: z.string() }),
]);
export type SessionOwner = z.infer<typeof SessionOwner>;

export interface Session {
  readonly id: string;
  readonly owner: SessionOwner;
}

const bytes = (key: string) => new TextEncoder().encode(key);

/** The value of the session's cookie, signed with the newest SIGNING_KEY. */
export async function signSession(
  { id, owner }: Session,
  signingKeys: readonly [string, ...string[]],
  clock: Clock,
): Promise<{ readonly value: string; readonly lifeSeconds: number }> {
  const lifeSeconds = LIFE_SECONDS[owner.kind];
  const expires = Math.floor(clock.now() / 1000) + lifeSeconds;
  const value = await new SignJWT({ owner })
    .setProtectedHeader({ alg: "HS256" })
    .setJti(id)
    .setExpirationTime(expires)
    .sign(bytes(signingKeys[0]));
  return { value, lifeSeconds };
}

/** The session that a cookie holds; undefined when it has expired or none of our keys has signed it. */
export async function readSession(
  cookie: string,
  signingKeys: readonly string[],
  clock: Clock,
): Promise<Session | undefined> {
  for (const key of signingKeys) {
    try {
      const { payload } = await jwtVerify(cookie, bytes(key), {
        algorithms: ["HS256"],
        requiredClaims: ["exp", "jti"],
        currentDate: new Date(clock.now()),
      });
      const owner = SessionOwner.safeParse(payload["owner"]);
      return owner.success ? { id: String(payload.jti), owner: owner.data } : undefined;
    } catch {
      // Signed with another of the keys, or with none.
    }
  }
  return undefined;
}

/** Names a value of ADMIN_TOKEN without holding anything of it, so that replacing the key ends its sessions. */
export async function keyPrint(adminKey: string, signingKey: string): Promise<string> {
  return (await digestToken(`operator ${adminKey}`, signingKey)).slice(0, 32);
}

/** What a form of the session has to send along: another site can make a browser send a form, but not this. */
export function csrfToken(sessionId: string, signingKey: string): Promise<string> {
  return digestToken(`csrf ${sessionId}`, signingKey);
}

export async function isCsrfToken(
  candidate: string,
  sessionId: string,
  signingKeys: readonly string[],
): Promise<boolean> {
  const tokens = await Promise.all(signingKeys.map((key) => csrfToken(sessionId, key)));
  return isOneOf(candidate, tokens);
}
