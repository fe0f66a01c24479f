import type { Scope } from "./scopes.ts";
import type { LiveTenant } from "./tenant.ts";

/** A SCIM bearer token as administrators see it; the token itself is shown once, at its birth. */
export interface Token {
  readonly id: string;
  readonly name: string;
  readonly last4: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
  readonly lastUsedBy: string | null;
}

/** What is stored of a new one. */
export interface NewCredential {
  readonly id: string;
  readonly name: string;
  /** HMAC-SHA-256 of the token under the newest pepper, in hexadecimal. */
  readonly digest: string;
  readonly pepperId: string;
  readonly last4: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
}

/** What admits a request: a credential that is not revoked, and the tenant it belongs to. */
export interface Admission {
  /** Under which the credential was found: its name in the cache, no secret by itself. */
  readonly digest: string;
  readonly credential: {
    readonly id: string;
    readonly last4: string;
    readonly scopes: readonly Scope[];
    readonly expiresAt: string | null;
    readonly lastUsedAt: string | null;
  };
  readonly tenant: LiveTenant;
}
