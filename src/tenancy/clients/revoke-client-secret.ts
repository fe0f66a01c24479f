import type { Clock } from "../clock.ts";
import { type AskedBy, credentialEntry } from "../credentials/credential-entry.ts";
import type { ClientStore } from "./ports.ts";

/** Ends a secret with the access tokens that were given for it, from the next request on, everywhere. */
export function revokeClientSecret(
  clientId: string,
  id: string,
  { clients, clock }: { clients: Pick<ClientStore, "revokeSecret">; clock: Clock },
  by: AskedBy,
): Promise<"revoked" | "unknown"> {
  const diff = [
    { attribute: "client", before: clientId },
    { attribute: "revokedAt", after: new Date(clock.now()).toISOString() },
  ];
  return clients.revokeSecret(
    clientId,
    id,
    credentialEntry(by, clock, { kind: "client-secret", id, status: 204, diff }),
  );
}
