import type { Change } from "../journal/change.ts";
import type { Admission, CredentialKind, NewCredential, StoredCredential } from "./credential.ts";
import type { SettingsEffects } from "./settings-changes/settings-effects.ts";
import type { SettingsOverrides } from "./settings.ts";
import type { LiveTenant, NewTenant, Tenant, TenantStatus } from "./tenant.ts";

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Undefined on the last page. */
  readonly nextCursor: string | undefined;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** All tenants of the deployment. Only the operator's verbs hold one. */
export interface TenantStore {
  /** With the first row of its journal. */
  create(
    tenant: NewTenant,
    entry: Change,
  ): Promise<{ kind: "created"; tenant: Tenant } | { kind: "duplicate" }>;
  bySlug(slug: string): Promise<Tenant | undefined>;
  /** The same tenant as a request meets it, read from D1. */
  liveBySlug(slug: string): Promise<LiveTenant | undefined>;
  list(page: PageRequest & { organisation?: string; q?: string }): Promise<Page<Tenant>>;
  /**
   * Raises the epoch: what it changes is in force from the tenant's next request on, everywhere, and so are its
   * effects on addresses; people are recomputed later. One transaction with its row in the journal. Nothing
   * happens when addresses shall be unique and `people` share one with somebody. Throws `TenantFenced` when the
   * tenant has changed since `tenant` was read.
   */
  update(
    tenant: LiveTenant,
    change: {
      name?: string;
      organisation?: string | null;
      status?: TenantStatus;
      overrides?: SettingsOverrides;
    },
    along: { readonly effects: SettingsEffects; readonly entry: Change },
  ): Promise<
    | { readonly kind: "updated"; readonly tenant: Tenant }
    | { readonly kind: "shared-addresses"; readonly people: number }
    | undefined
  >;
  /** Nobody reaches the tenant any more, from its next request on; its rows are for a job. Throws as `update` does. */
  remove(tenant: LiveTenant, at: string): Promise<void>;
}

/** The credentials of one tenant. Every change comes with its row in the journal, in one transaction. */
export interface CredentialStore {
  add(credential: NewCredential, entry: Change): Promise<void>;
  find(id: string, kinds: readonly CredentialKind[]): Promise<StoredCredential | undefined>;
  /** In the order of their making. */
  list(kinds: readonly ListedKind[], page: PageRequest): Promise<Page<StoredCredential>>;
  /** Adds the successor and ends the old one at a time. Raises the epoch, since admissions hold that time. */
  rotate(
    old: { readonly id: string; readonly expiresAt: string },
    successor: NewCredential,
    entry: Change,
  ): Promise<void>;
  /**
   * Raises the epoch, with the row for the kind that it is. Revoking again changes nothing; `unknown` also for a
   * credential of another kind.
   */
  revoke(
    id: string,
    kinds: readonly CredentialKind[],
    entryOf: (kind: CredentialKind) => Change,
  ): Promise<"revoked" | "unknown">;
  /** Uses up what may be used once (a set-up link). `gone`: it was used, revoked, or has expired. */
  useOnce(id: string, at: string, entry: Change): Promise<"used" | "gone">;
}

/** Access tokens come and go by the hour, and are in no list. */
export type ListedKind = Exclude<CredentialKind, "access">;

/** Where the admission of a request comes from: KV in front of D1. */
export interface AdmissionStore {
  /**
   * The admission of a digest, `undefined` when no live credential has it. `fresh` skips the cache and
   * refills it. A failing or slow cache is passed over; a failing D1 throws.
   */
  byDigest(digests: readonly string[], options: { fresh: boolean }): Promise<Admission | undefined>;
  /** The admission of a credential that is known by its id: what a session of the console stands for. From D1. */
  byId(tenantId: string, credentialId: string): Promise<Admission | undefined>;
  /** The tenant of the deployment's own token (secret SCIM_TOKEN); `undefined` when it does not exist yet. */
  bySlug(slug: string, digest: string, options: { fresh: boolean }): Promise<Admission | undefined>;
  /**
   * Notes the use of a credential, unless one after `notSince` is noted already. Outside the epoch, since it
   * changes nothing that a request depends on.
   */
  noteUse(
    admission: Admission,
    use: { at: string; by: string | null; notSince: string },
  ): Promise<void>;
}
