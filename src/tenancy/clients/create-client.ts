import * as z from "zod/mini";

import { type AskedBy, credentialEntry } from "../credentials/credential-entry.ts";
import { inOrder, Scopes } from "../credentials/issue-token.ts";
import { type MintDeps, unused } from "../credentials/mint-credential.ts";
import { isWaitingForSso } from "../credentials/sso.ts";
import { Label } from "../label.ts";
import type { LiveTenant } from "../tenant.ts";
import type { ClientWithSecrets } from "./client.ts";
import { mintSecret } from "./mint-secret.ts";
import type { ClientStore } from "./ports.ts";

export const NewClientInput = z.strictObject({ name: Label, scopes: Scopes });
export type NewClientInput = z.output<typeof NewClientInput>;

/** A client with a secret that nobody can be told again. */
export interface ClientWithNewSecret {
  readonly kind: "created";
  readonly client: ClientWithSecrets;
  readonly secret: string;
}

/** Makes an OAuth client and hands out its first secret this once. Refused like a token while SSO is missing. */
export async function createClient(
  tenant: Pick<LiveTenant, "preset" | "overrides">,
  input: NewClientInput,
  deps: MintDeps & { readonly clients: Pick<ClientStore, "create"> },
  by: AskedBy,
): Promise<ClientWithNewSecret | { readonly kind: "sso-inactive" }> {
  if (isWaitingForSso(tenant)) return { kind: "sso-inactive" };
  const client = {
    id: deps.ids.next(),
    name: input.name,
    scopes: inOrder(input.scopes),
    createdAt: new Date(deps.clock.now()).toISOString(),
  };
  const { credential, secret } = await mintSecret(client, deps);
  const { id, name, scopes } = client;
  const diff = [
    { attribute: "name", after: name },
    { attribute: "scopes", after: scopes },
    { attribute: "secret", after: credential.id },
  ];
  await deps.clients.create(
    client,
    credential,
    credentialEntry(by, deps.clock, { kind: "client", id, status: 201, diff }),
  );
  return { kind: "created", client: { ...client, secrets: [unused(credential)] }, secret };
}
