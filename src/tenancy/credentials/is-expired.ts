import type { Clock } from "../clock.ts";

/** What is not a time has expired: a row that cannot be read must not admit anybody. Null never expires. */
export function isExpired(expiresAt: string | null, clock: Clock): boolean {
  return expiresAt !== null && !(Date.parse(expiresAt) > clock.now());
}
