import type { NewCredential } from "../credential.ts";
import { type MintDeps, mintCredential } from "../credentials/mint-credential.ts";
import type { Client } from "./client.ts";

/** A new secret of a client. It carries the client's scopes, so that who presents it is known by one look-up. */
export function mintSecret(
  { id, scopes }: Pick<Client, "id" | "scopes">,
  deps: MintDeps,
): Promise<{ readonly credential: NewCredential; readonly secret: string }> {
  return mintCredential(
    { kind: "client-secret", name: "", scopes, expiresAt: null, clientId: id },
    deps,
  );
}
