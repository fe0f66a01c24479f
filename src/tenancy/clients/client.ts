import type { StoredCredential } from "../credential.ts";
import type { Scope } from "../scopes.ts";

/** An OAuth client (RFC 6749 §2) of one tenant: an identity provider that fetches its access tokens itself. */
export interface Client {
  readonly id: string;
  readonly name: string;
  /** What its access tokens may at most. Never changes, so that its secrets carry them too. */
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
}

/** A client with those of its secrets that are not revoked, oldest first. */
export interface ClientWithSecrets extends Client {
  readonly secrets: readonly StoredCredential[];
}
