import type { Clock } from "./clock.ts";
import type { CredentialStore } from "./ports.ts";

/**
 * Ends a token from the next request on, everywhere. Revoking again keeps the first time. `unknown` also for
 * the token of another tenant: the store sees one tenant only.
 */
export function revokeToken(
  id: string,
  { credentials, clock }: { credentials: CredentialStore; clock: Clock },
): Promise<"revoked" | "unknown"> {
  return credentials.revoke(id, new Date(clock.now()).toISOString());
}
