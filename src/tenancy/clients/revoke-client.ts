import type { Clock } from "../clock.ts";
import { type AskedBy, credentialEntry } from "../credentials/credential-entry.ts";
import type { ClientStore } from "./ports.ts";

/** Ends a client with its secrets and access tokens, from the next request on, everywhere. */
export function revokeClient(
  id: string,
  { clients, clock }: { clients: Pick<ClientStore, "revoke">; clock: Clock },
  by: AskedBy,
): Promise<"revoked" | "unknown"> {
  const diff = [{ attribute: "revokedAt", after: new Date(clock.now()).toISOString() }];
  return clients.revoke(id, credentialEntry(by, clock, { kind: "client", id, status: 204, diff }));
}
