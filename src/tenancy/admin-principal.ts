import { type BearerRefusal, readBearer } from "./bearer.ts";
import type { Clock } from "./clock.ts";
import type { Admission, CredentialKind } from "./credential.ts";
import { digestToken } from "./digest.ts";
import { isExpired } from "./credentials/is-expired.ts";
import { isOneOf } from "./is-one-of.ts";
import type { AdmissionStore } from "./ports.ts";
import { isWellFormedToken } from "./token.ts";

/** Who asks for an administrative operation. `hint` is for people who read the journal. */
export type AdminPrincipal =
  | { readonly kind: "operator"; readonly id: "operator"; readonly hint: string }
  | {
      /** A tenant's administrator, the back end of a product, or the session that a set-up link has begun. */
      readonly kind: "admin" | "reader" | "setup";
      /** Of the credential. */
      readonly id: string;
      readonly hint: string;
      readonly tenant: { readonly id: string; readonly slug: string };
    };

export interface AdminAuthenticationDeps {
  /** The values of ADMIN_TOKEN. */
  readonly adminKeys: readonly string[];
  /** Newest first. */
  readonly peppers: readonly [string, ...string[]];
  readonly admissions: Pick<AdmissionStore, "byDigest">;
  readonly clock: Clock;
  /** Told of every use of a tenant's key; the answer does not wait for it. */
  noteUse(admission: Admission): void;
  /** Cloudflare Access: who a signed assertion speaks of. Undefined: it is not used. */
  readonly access:
    | ((assertion: string) => Promise<{ readonly email: string } | undefined>)
    | undefined;
}

export type AdminRefusal = BearerRefusal | "unknown-key" | "expired-key" | "access-refused";

export type AdminAuthentication =
  | { readonly kind: "admitted"; readonly principal: AdminPrincipal }
  | { readonly kind: "refused"; readonly reason: AdminRefusal };

const refused = (reason: AdminRefusal): AdminAuthentication => ({ kind: "refused", reason });

/**
 * The operator, when the header carries one of the values of ADMIN_TOKEN (compared in constant time; without any
 * nobody is admitted) or, without such a header, an assertion of Cloudflare Access; else whom a key of a tenant
 * stands for. Keys are always looked up in D1: the routes behind them read their tenant anew and so would not
 * notice what a cache remembers of a key that was revoked. Throws what the store throws (`StorageUnavailable`).
 */
export async function authenticateAdmin(
  { header, assertion }: { readonly header: string | null; readonly assertion: string | null },
  deps: AdminAuthenticationDeps,
): Promise<AdminAuthentication> {
  if (header === null && assertion !== null && deps.access) {
    const person = await deps.access(assertion);
    return person ? operator(person.email) : refused("access-refused");
  }
  const bearer = readBearer(header);
  if (bearer.kind === "refused") return bearer;
  if (await isOneOf(bearer.token, deps.adminKeys)) return operator("operator");
  return byTenantKey(bearer.token, deps);
}

const operator = (hint: string): AdminAuthentication => ({
  kind: "admitted",
  principal: { kind: "operator", id: "operator", hint },
});

async function byTenantKey(
  key: string,
  deps: AdminAuthenticationDeps,
): Promise<AdminAuthentication> {
  if (!isWellFormedToken(key, "admin")) return refused("unknown-key");
  const digests = await Promise.all(deps.peppers.map((pepper) => digestToken(key, pepper)));
  const admission = await deps.admissions.byDigest(digests, { fresh: true });
  if (!admission) return refused("unknown-key");
  const { credential, tenant } = admission;
  if (!isRole(credential.kind)) return refused("unknown-key");
  if (isExpired(credential.expiresAt, deps.clock)) return refused("expired-key");
  deps.noteUse(admission);
  const { id, last4 } = credential;
  return {
    kind: "admitted",
    principal: {
      kind: credential.kind,
      id,
      hint: last4,
      tenant: { id: tenant.id, slug: tenant.slug },
    },
  };
}

function isRole(kind: CredentialKind): kind is "admin" | "reader" {
  return kind === "admin" || kind === "reader";
}
