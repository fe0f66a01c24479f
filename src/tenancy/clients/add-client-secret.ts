import { type AskedBy, credentialEntry } from "../credentials/credential-entry.ts";
import { type MintDeps, unused } from "../credentials/mint-credential.ts";
import { isWaitingForSso } from "../credentials/sso.ts";
import type { LiveTenant } from "../tenant.ts";
import type { ClientWithNewSecret } from "./create-client.ts";
import { mintSecret } from "./mint-secret.ts";
import type { ClientStore } from "./ports.ts";

/**
 * Gives a client one more secret, and hands it out this once. The others go on, so that an administrator can paste
 * the new one before an old one is revoked.
 */
export async function addClientSecret(
  tenant: Pick<LiveTenant, "preset" | "overrides">,
  clientId: string,
  deps: MintDeps & { readonly clients: Pick<ClientStore, "find" | "addSecret"> },
  by: AskedBy,
): Promise<ClientWithNewSecret | { readonly kind: "unknown" | "sso-inactive" }> {
  const client = await deps.clients.find(clientId);
  if (!client) return { kind: "unknown" };
  if (isWaitingForSso(tenant)) return { kind: "sso-inactive" };
  const { credential, secret } = await mintSecret(client, deps);
  const { id } = credential;
  const diff = [{ attribute: "client", after: clientId }];
  await deps.clients.addSecret(
    credential,
    credentialEntry(by, deps.clock, { kind: "client-secret", id, status: 201, diff }),
  );
  const secrets = [...client.secrets, unused(credential)];
  return { kind: "created", client: { ...client, secrets }, secret };
}
