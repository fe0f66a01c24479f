import type { Scope } from "./scopes.ts";
import type { LiveTenant } from "./tenant.ts";

/**
 * All credentials of tenants are rows of one kind of table, found by digest: the SCIM token that an administrator
 * pastes into an IdP, the access token and the secret of an OAuth client, the key of an administrator or of a
 * reader, and the code of a set-up link.
 */
export const CREDENTIAL_KINDS = [
  "token",
  "access",
  "client-secret",
  "admin",
  "reader",
  "setup-link",
] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

/** A credential as administrators see it; what is secret about it is shown once, at its birth. */
export interface StoredCredential {
  readonly id: string;
  readonly kind: CredentialKind;
  readonly name: string;
  readonly last4: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
  readonly lastUsedBy: string | null;
  /** Of the OAuth client that it belongs to: its secrets and access tokens have one. */
  readonly clientId: string | null;
  /** The pepper that it is stored under, as `pepperId` names it. */
  readonly pepperId: string;
  /** The end that it was made with; a rotation has set another one to `expiresAt`. */
  readonly issuedUntil: string | null;
}

/** A SCIM bearer token as administrators see it. */
export type Token = Omit<StoredCredential, "kind" | "clientId" | "pepperId" | "issuedUntil">;

/** What is stored of a new one. */
export interface NewCredential {
  readonly id: string;
  readonly kind: CredentialKind;
  readonly name: string;
  /** HMAC-SHA-256 of the token under the newest pepper, in hexadecimal. */
  readonly digest: string;
  readonly pepperId: string;
  readonly last4: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly clientId: string | null;
  /** The secret that an access token was given for: revoking one ends the other. */
  readonly parentId: string | null;
}

/** What admits a request: a credential that is not revoked, and the tenant it belongs to. */
export interface Admission {
  /** Under which the credential was found: its name in the cache, no secret by itself. */
  readonly digest: string;
  readonly credential: {
    readonly id: string;
    readonly kind: CredentialKind;
    readonly last4: string;
    readonly scopes: readonly Scope[];
    readonly expiresAt: string | null;
    readonly lastUsedAt: string | null;
    readonly clientId: string | null;
  };
  readonly tenant: LiveTenant;
}
