import type { Clock, Ids } from "../clock.ts";
import type { NewCredential, StoredCredential } from "../credential.ts";
import { mintToken, TOKEN_RANDOM_BYTES } from "../token.ts";

export interface MintDeps {
  /** The digest under the newest pepper. */
  digest(token: string): Promise<{ digest: string; pepperId: string }>;
  readonly clock: Clock;
  readonly ids: Ids;
  randomBytes(count: number): Uint8Array;
}

type Chosen = Pick<NewCredential, "kind" | "name" | "scopes" | "expiresAt"> &
  Partial<Pick<NewCredential, "clientId" | "parentId">>;

/** A new credential for a store, and what is secret about it, which nobody can be told again. */
export async function mintCredential(
  chosen: Chosen,
  deps: MintDeps,
): Promise<{ readonly credential: NewCredential; readonly secret: string }> {
  const secret = mintToken(deps.randomBytes(TOKEN_RANDOM_BYTES), chosen.kind);
  const credential = {
    clientId: null,
    parentId: null,
    ...chosen,
    id: deps.ids.next(),
    ...(await deps.digest(secret)),
    last4: secret.slice(-4),
    createdAt: new Date(deps.clock.now()).toISOString(),
  };
  return { credential, secret };
}

/** A credential that has just been stored, as a store would read it. */
export function unused({
  digest: _digest,
  parentId: _parent,
  ...credential
}: NewCredential): StoredCredential {
  return {
    ...credential,
    issuedUntil: credential.expiresAt,
    revokedAt: null,
    lastUsedAt: null,
    lastUsedBy: null,
  };
}
