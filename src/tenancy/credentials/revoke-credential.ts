import type { Clock } from "../clock.ts";
import { type AskedBy, credentialEntry } from "./credential-entry.ts";
import type { CredentialKind } from "../credential.ts";
import type { CredentialStore } from "../ports.ts";

/**
 * Ends a credential of one of these kinds from the next request on, everywhere. Revoking again keeps the first
 * time. `unknown` also for a credential of another tenant: the store sees one tenant only.
 */
export function revokeCredential(
  id: string,
  kinds: readonly CredentialKind[],
  { credentials, clock }: { credentials: Pick<CredentialStore, "revoke">; clock: Clock },
  by: AskedBy,
): Promise<"revoked" | "unknown"> {
  const diff = [{ attribute: "revokedAt", after: new Date(clock.now()).toISOString() }];
  return credentials.revoke(id, kinds, (kind) =>
    credentialEntry(by, clock, { kind, id, status: 204, diff }),
  );
}
