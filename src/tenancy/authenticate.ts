import { type BearerRefusal, readBearer } from "./bearer.ts";
import type { Clock } from "./clock.ts";
import type { Admission } from "./credential.ts";
import { digestDeploymentToken, digestToken } from "./digest.ts";
import { isExpired } from "./credentials/is-expired.ts";
import { isOneOf } from "./is-one-of.ts";
import type { AdmissionStore } from "./ports.ts";
import { isWellFormedToken } from "./token.ts";

export interface AuthenticationDeps {
  readonly admissions: AdmissionStore;
  /** Newest first. */
  readonly peppers: readonly [string, ...string[]];
  /** The values of the secret SCIM_TOKEN. */
  readonly deploymentTokens: readonly string[];
  /** Slug of the tenant that they belong to; empty: they are not used. */
  readonly defaultTenant: string;
  /** Makes that tenant when it is not there. May run twice at the same time. */
  ensureDefaultTenant(): Promise<unknown>;
  readonly clock: Clock;
}

export interface Credentials {
  /** Value of the `Authorization` header. */
  readonly header: string | null;
  /** The tenant that the URL names, if it names one. */
  readonly slug: string | undefined;
}

/** Why, for the log. The wire says the same to all of them. */
export type AuthenticationRefusal =
  | { readonly kind: "unreadable"; readonly why: BearerRefusal }
  | { readonly kind: "malformed-token" }
  | { readonly kind: "unknown-token" }
  | { readonly kind: "expired-token"; readonly credentialId: string }
  | { readonly kind: "other-tenant"; readonly credentialId: string; readonly tenantId: string }
  | { readonly kind: "no-default-tenant" };

export type Authentication =
  | {
      readonly kind: "admitted";
      readonly admission: Admission;
      /** The same question put to D1, after the fence said that the tenant has changed. */
      readmit(): Promise<Authentication>;
    }
  | { readonly kind: "refused"; readonly reason: AuthenticationRefusal };

const refused = (reason: AuthenticationRefusal): Authentication => ({ kind: "refused", reason });

/**
 * Admits a SCIM request, or says why not. What cannot be one of our tokens is refused without asking any
 * store. The status of the tenant is carried and not judged: a paused or suspended tenant has answers of its
 * own. `fresh` passes over the cache. Throws only what the store throws (`StorageUnavailable`).
 */
export async function authenticate(
  credentials: Credentials,
  deps: AuthenticationDeps,
  { fresh }: { fresh: boolean } = { fresh: false },
): Promise<Authentication> {
  const bearer = readBearer(credentials.header);
  if (bearer.kind === "refused") return refused({ kind: "unreadable", why: bearer.reason });
  if (!isWellFormedToken(bearer.token)) return refused({ kind: "malformed-token" });

  const found = (await isOneOf(bearer.token, deps.deploymentTokens))
    ? await admitDeploymentToken(bearer.token, deps, fresh)
    : await admitIssuedToken(bearer.token, deps, fresh);
  if ("kind" in found) return refused(found);

  const { credential, tenant } = found;
  // Told apart by their prefixes already; a row of another kind must not admit anybody all the same.
  if (credential.kind !== "token" && credential.kind !== "access") {
    return refused({ kind: "unknown-token" });
  }
  if (isExpired(credential.expiresAt, deps.clock)) {
    return refused({ kind: "expired-token", credentialId: credential.id });
  }
  if (credentials.slug !== undefined && credentials.slug !== tenant.slug) {
    return refused({ kind: "other-tenant", credentialId: credential.id, tenantId: tenant.id });
  }
  return {
    kind: "admitted",
    admission: found,
    readmit: () => authenticate(credentials, deps, { fresh: true }),
  };
}

async function admitIssuedToken(
  token: string,
  deps: AuthenticationDeps,
  fresh: boolean,
): Promise<Admission | AuthenticationRefusal> {
  const digests = await Promise.all(deps.peppers.map((pepper) => digestToken(token, pepper)));
  return (await deps.admissions.byDigest(digests, { fresh })) ?? { kind: "unknown-token" };
}

async function admitDeploymentToken(
  token: string,
  deps: AuthenticationDeps,
  fresh: boolean,
): Promise<Admission | AuthenticationRefusal> {
  const slug = deps.defaultTenant;
  if (slug === "") return { kind: "no-default-tenant" };
  const digest = await digestDeploymentToken(token, slug, deps.peppers[0]);
  const known = await deps.admissions.bySlug(slug, digest, { fresh });
  if (known !== undefined) return known;
  await deps.ensureDefaultTenant();
  return (
    (await deps.admissions.bySlug(slug, digest, { fresh: true })) ?? { kind: "no-default-tenant" }
  );
}
