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

const StoredSession = z.object({ id: z.string(), owner: SessionOwner, expiresAt: z.number() });
/** What the session's cookie holds, signed with SIGNING_KEY. `expiresAt` is in milliseconds. */
export type Session = z.infer<typeof StoredSession>;

export function newSession(id: string, owner: SessionOwner, clock: Clock): Session {
  return { id, owner, expiresAt: clock.now() + lifeSeconds(owner) * 1000 };
}

export const lifeSeconds = ({ kind }: SessionOwner): number => LIFE_SECONDS[kind];

/** The session that a cookie holds whose signature was found right; undefined once it has expired. */
export function parseSession(text: string, clock: Clock): Session | undefined {
  try {
    const session = StoredSession.parse(JSON.parse(text));
    return session.expiresAt > clock.now() ? session : undefined;
  } catch {
    return undefined;
  }
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
