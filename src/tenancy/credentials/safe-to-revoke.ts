import type { Token } from "../credential.ts";

const QUIET_MS = 24 * 60 * 60 * 1000;

/**
 * Whether nobody will miss a token: a newer one, still live, has been used, and this one has not been for a
 * day. Observed and not guessed, because an administrator who pasted the new token into one of two IdP
 * applications would cut the other off.
 */
export function safeToRevoke(token: Token, tokens: readonly Token[], now: number): boolean {
  if (token.revokedAt !== null) return false;
  if (token.lastUsedAt !== null && now - Date.parse(token.lastUsedAt) < QUIET_MS) return false;
  return tokens.some(
    (other) =>
      other.id !== token.id &&
      Date.parse(other.createdAt) > Date.parse(token.createdAt) &&
      isLive(other, now) &&
      other.lastUsedAt !== null,
  );
}

function isLive(token: Token, now: number): boolean {
  return (
    token.revokedAt === null && (token.expiresAt === null || Date.parse(token.expiresAt) > now)
  );
}
