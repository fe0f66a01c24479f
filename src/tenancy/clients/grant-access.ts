import type { Admission } from "../credential.ts";
import { isExpired } from "../credentials/is-expired.ts";
import { type MintDeps, mintCredential } from "../credentials/mint-credential.ts";
import { isWaitingForSso } from "../credentials/sso.ts";
import { digestToken } from "../digest.ts";
import { TenantFenced } from "../fence.ts";
import type { AdmissionStore } from "../ports.ts";
import type { Scope } from "../scopes.ts";
import type { LiveTenant } from "../tenant.ts";
import { isWellFormedToken } from "../token.ts";
import { StorageUnavailable } from "../unavailable.ts";
import type { ClientStore } from "./ports.ts";

/** The least that Entra ID takes; nobody has to be told when such a token leaks. */
export const ACCESS_TOKEN_SECONDS = 3600;
const ATTEMPTS = 5;

export interface AccessRequest {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Undefined: all that the client has. */
  readonly scopes: readonly string[] | undefined;
}

export interface GrantAccessDeps extends MintDeps {
  readonly admissions: Pick<AdmissionStore, "byDigest">;
  /** Newest first. */
  readonly peppers: readonly [string, ...string[]];
  clientsOf(tenant: LiveTenant): Pick<ClientStore, "grant">;
}

/** Why the client is not believed, for the log. The wire says the same to all of them. */
export type ClientRefusal =
  | "malformed-secret"
  | "unknown-secret"
  | "secret-of-another-client"
  | "expired-secret";

export type Grant =
  | { readonly kind: "refused"; readonly reason: ClientRefusal }
  | {
      readonly kind: "granted";
      /** Of the secret. */
      readonly admission: Admission;
      readonly token: string;
      readonly scopes: readonly Scope[];
    }
  | { readonly kind: "sso-inactive" | "beyond-scopes" | "moving"; readonly admission: Admission };

/**
 * The client credentials grant (RFC 6749 §4.4): an access token for the secret of a client. What cannot be a secret
 * is refused without asking any store. The secret is always looked up in D1, and the token is stored only while the
 * tenant is still as it was then, so that a secret that is revoked at the same time leaves no token behind. The
 * status of the tenant is not judged: SCIM answers for a paused or suspended one. Throws `StorageUnavailable`.
 */
export async function grantAccess(request: AccessRequest, deps: GrantAccessDeps): Promise<Grant> {
  const { clientSecret } = request;
  if (!isWellFormedToken(clientSecret, "client-secret")) {
    return { kind: "refused", reason: "malformed-secret" };
  }
  const digests = await Promise.all(
    deps.peppers.map((pepper) => digestToken(clientSecret, pepper)),
  );
  for (let attempt = 1; ; attempt++) {
    const admission = await deps.admissions.byDigest(digests, { fresh: true });
    try {
      return await grantTo(admission, request, deps);
    } catch (error) {
      if (!(error instanceof TenantFenced)) throw error;
      if (attempt === ATTEMPTS) throw new StorageUnavailable(1, { cause: error });
    }
  }
}

async function grantTo(
  admission: Admission | undefined,
  { clientId, scopes: wanted }: AccessRequest,
  deps: GrantAccessDeps,
): Promise<Grant> {
  if (admission?.credential.kind !== "client-secret") {
    return { kind: "refused", reason: "unknown-secret" };
  }
  const { credential, tenant } = admission;
  // Both are random and neither is secret here: who knows this secret may know whose it is.
  if (credential.clientId !== clientId) {
    return { kind: "refused", reason: "secret-of-another-client" };
  }
  if (isExpired(credential.expiresAt, deps.clock)) {
    return { kind: "refused", reason: "expired-secret" };
  }
  if (isWaitingForSso(tenant)) return { kind: "sso-inactive", admission };
  const scopes = credential.scopes.filter((scope) => wanted?.includes(scope) ?? true);
  if (wanted?.some((scope) => !scopes.some((granted) => granted === scope))) {
    return { kind: "beyond-scopes", admission };
  }
  if (tenant.isMoving) return { kind: "moving", admission };

  const expiresAt = new Date(deps.clock.now() + ACCESS_TOKEN_SECONDS * 1000).toISOString();
  const parentId = credential.id;
  const minted = await mintCredential(
    { kind: "access", name: "", scopes, expiresAt, clientId, parentId },
    deps,
  );
  // Nobody ever sees an access token; in the journal its last characters are those of the secret behind it.
  await deps.clientsOf(tenant).grant({ ...minted.credential, last4: credential.last4 });
  return { kind: "granted", admission, token: minted.secret, scopes };
}
