import type { Change } from "../../src/journal/change.ts";
import type { NewCredential, StoredCredential } from "../../src/tenancy/credential.ts";
import type { CredentialStore, TenantStore } from "../../src/tenancy/ports.ts";
import { settingsOf } from "../../src/tenancy/presets.ts";
import type { LiveTenant, NewTenant, Tenant } from "../../src/tenancy/tenant.ts";

type StoredTenant = NewTenant & Pick<Tenant, "status">;

const shown = ({ overrides, ...tenant }: StoredTenant): Tenant => ({
  ...tenant,
  settings: settingsOf(tenant.preset, overrides),
});

/** As much of a store of tenants as the verbs need; `updates` and the journal's `entries` are what was written. */
export function inMemoryTenants() {
  const stored = new Map<string, StoredTenant>();
  const updates: Parameters<TenantStore["update"]>[1][] = [];
  const entries: Change[] = [];
  let epoch = 1;

  const live = ({ id, slug, status, preset, overrides }: StoredTenant): LiveTenant => ({
    id,
    key: 1,
    slug,
    status,
    isMoving: false,
    preset,
    overrides,
    database: "DB",
    epoch,
    catalogueVersion: 0,
  });

  const tenants: TenantStore = {
    async create(tenant, entry) {
      if (stored.has(tenant.slug)) return { kind: "duplicate" };
      entries.push(entry);
      const created: StoredTenant = { ...tenant, status: "active" };
      stored.set(tenant.slug, created);
      return { kind: "created", tenant: shown(created) };
    },
    async bySlug(slug) {
      const tenant = stored.get(slug);
      return tenant && shown(tenant);
    },
    async liveBySlug(slug) {
      const tenant = stored.get(slug);
      return tenant && live(tenant);
    },
    async list() {
      return { items: [...stored.values()].map(shown), nextCursor: undefined };
    },
    async update({ id }, change, { entry }) {
      const tenant = [...stored.values()].find((candidate) => candidate.id === id);
      if (tenant === undefined) return undefined;
      updates.push(change);
      entries.push(entry);
      epoch += 1;
      const updated = { ...tenant, ...change };
      stored.set(tenant.slug, updated);
      return { kind: "updated", tenant: shown(updated) };
    },
    async remove({ slug }) {
      stored.delete(slug);
    },
  };
  return { tenants, stored, updates, entries };
}

/** As much of a store of one tenant's credentials as the verbs need. */
export function inMemoryCredentials() {
  const added: NewCredential[] = [];
  const revoked = new Map<string, string>();
  const rotated: { readonly id: string; readonly expiresAt: string }[] = [];
  const entries: Change[] = [];

  const stored = (): StoredCredential[] =>
    added.map(({ digest: _digest, parentId: _parent, ...credential }) => ({
      ...credential,
      issuedUntil: credential.expiresAt,
      expiresAt:
        rotated.findLast(({ id }) => id === credential.id)?.expiresAt ?? credential.expiresAt,
      revokedAt: revoked.get(credential.id) ?? null,
      lastUsedAt: null,
      lastUsedBy: null,
    }));
  const find: CredentialStore["find"] = async (id, kinds) =>
    stored().find((credential) => credential.id === id && kinds.includes(credential.kind));

  const credentials: CredentialStore = {
    find,
    async add(credential, entry) {
      added.push(credential);
      entries.push(entry);
    },
    async list(kinds) {
      const items = stored().filter(({ kind }) => kinds.some((wanted) => wanted === kind));
      return { items, nextCursor: undefined };
    },
    async rotate(old, successor, entry) {
      added.push(successor);
      rotated.push(old);
      entries.push(entry);
    },
    async revoke(id, kinds, entryOf) {
      const known = await find(id, kinds);
      if (!known) return "unknown";
      if (known.revokedAt === null) {
        const entry = entryOf(known.kind);
        revoked.set(id, entry.at);
        entries.push(entry);
      }
      return "revoked";
    },
    async useOnce() {
      throw new Error("Nothing of these tests is used once.");
    },
  };
  return { credentials, added, revoked, rotated, entries };
}
