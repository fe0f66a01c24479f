import { sql, type SQL } from "drizzle-orm";

import type { Change } from "../../journal/change.ts";
import type { CredentialKind, NewCredential, StoredCredential } from "../../tenancy/credential.ts";
import type { CredentialStore } from "../../tenancy/ports.ts";
import { SCOPES, type Scope } from "../../tenancy/scopes.ts";
import type { LiveTenant } from "../../tenancy/tenant.ts";
import { CONTROL_DATABASE, type Databases } from "../d1/databases.ts";
import { prepare, rowsOf } from "../d1/prepare.ts";
import {
  fitDiff,
  insertChange,
  insertChangeFrom,
  selectChangeOf,
} from "../journal/change-statement.ts";
import { credentialIndex, credentials, tenantStates } from "../tables.ts";
import { tenantDatabase } from "../d1/tenant-database.ts";
import { withRetry } from "../d1/with-retry.ts";

export interface CredentialRow {
  id: string;
  kind: CredentialKind;
  name: string;
  last4: string;
  scopes: string;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
  last_used_by: string | null;
  client_id: string | null;
  pepper_id: string;
  issued_until: string | null;
}

export const storedColumns = sql`id, kind, name, last4, scopes, created_at, expires_at, revoked_at, last_used_at, last_used_by,
  client_id, pepper_id, issued_until`;

export const parseScopes = (text: string): Scope[] => {
  const granted = new Set(text.split(" "));
  return SCOPES.filter((scope) => granted.has(scope));
};

export const credentialOf = (row: CredentialRow): StoredCredential => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  last4: row.last4,
  scopes: parseScopes(row.scopes),
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  lastUsedAt: row.last_used_at,
  lastUsedBy: row.last_used_by,
  clientId: row.client_id,
  pepperId: row.pepper_id,
  issuedUntil: row.issued_until,
});

const oneOf = (kinds: readonly CredentialKind[]): SQL =>
  sql`kind IN (${sql.join(
    kinds.map((kind) => sql`${kind}`),
    sql`, `,
  )})`;

/** A credential's row; together with its place in the index, where everybody looks for it. */
export function insertCredential(tenantKey: number, credential: NewCredential): SQL {
  return sql`INSERT INTO ${credentials} (tenant_key, id, kind, name, digest, pepper_id, last4, scopes, created_at,
      expires_at, issued_until, client_id, parent_id)
    VALUES (${tenantKey}, ${credential.id}, ${credential.kind}, ${credential.name}, ${credential.digest},
      ${credential.pepperId}, ${credential.last4}, ${credential.scopes.join(" ")}, ${credential.createdAt},
      ${credential.expiresAt}, ${credential.expiresAt}, ${credential.clientId}, ${credential.parentId})
    ON CONFLICT DO NOTHING`;
}

/**
 * The statement that is still to be part of the batch in the tenant's database, so that its tokens are found. Where
 * the databases differ it is sent alone and first: an index row without a credential admits nobody.
 */
export async function indexCredential(
  databases: Databases,
  tenant: LiveTenant,
  { digest }: NewCredential,
): Promise<SQL[]> {
  const index = sql`INSERT INTO ${credentialIndex} (digest, tenant_id) VALUES (${digest}, ${tenant.id})
    ON CONFLICT DO NOTHING`;
  if (tenant.database === CONTROL_DATABASE) return [index];
  await withRetry(() => prepare(databases.control, index).run());
  return [];
}

/** Admissions that are remembered anywhere are worthless from now on. */
export const raiseEpoch = (tenantKey: number): SQL =>
  sql`UPDATE ${tenantStates} SET epoch = epoch + 1 WHERE tenant_key = ${tenantKey}`;

/** The credentials of one tenant. */
export function credentialStore(databases: Databases, tenant: LiveTenant): CredentialStore {
  const database = tenantDatabase(databases.named(tenant.database), tenant);
  const { key } = database;
  const write = (statements: readonly SQL[], entry: Change) =>
    database.write([...statements, insertChange(key, entry)], selectChangeOf(key, entry));

  async function find(id: string, kinds: readonly CredentialKind[]) {
    const [found] = await database.read([
      sql`SELECT ${storedColumns} FROM ${credentials} WHERE tenant_key = ${key} AND id = ${id} AND ${oneOf(kinds)}`,
    ]);
    const [row] = rowsOf<CredentialRow>(found);
    return row && credentialOf(row);
  }

  return {
    find,

    async add(credential, entry) {
      const index = await indexCredential(databases, tenant, credential);
      await write([...index, insertCredential(key, credential)], entry);
    },

    async list(kinds, page) {
      const [found] = await database.read([
        sql`SELECT ${storedColumns} FROM ${credentials} WHERE tenant_key = ${key} AND kind <> 'access'
            AND ${oneOf(kinds)} AND id > ${page.cursor ?? ""}
          ORDER BY id LIMIT ${page.limit + 1}`,
      ]);
      const rows = rowsOf<CredentialRow>(found);
      const shown = rows.slice(0, page.limit);
      return {
        items: shown.map(credentialOf),
        nextCursor: rows.length > page.limit ? shown.at(-1)?.id : undefined,
      };
    },

    async rotate(old, successor, entry) {
      const index = await indexCredential(databases, tenant, successor);
      await write(
        [
          ...index,
          insertCredential(key, successor),
          sql`UPDATE ${credentials} SET expires_at = ${old.expiresAt} WHERE tenant_key = ${key} AND id = ${old.id}
            AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${old.expiresAt})`,
          raiseEpoch(key),
        ],
        entry,
      );
    },

    async revoke(id, kinds, entryOf) {
      const known = await find(id, kinds);
      if (!known) return "unknown";
      if (known.revokedAt !== null) return "revoked";
      const entry = entryOf(known.kind);
      await write(
        [
          sql`UPDATE ${credentials} SET revoked_at = ${entry.at} WHERE tenant_key = ${key} AND id = ${id}
            AND revoked_at IS NULL`,
          raiseEpoch(key),
        ],
        entry,
      );
      return "revoked";
    },

    async useOnce(id, at, entry) {
      const outcome = await database.write(
        [
          sql`UPDATE ${credentials} SET last_used_at = ${at} WHERE tenant_key = ${key} AND id = ${id}
            AND last_used_at IS NULL AND revoked_at IS NULL AND expires_at > ${at}`,
          insertChangeFrom(
            key,
            entry,
            sql`SELECT ${fitDiff(entry.diff)} AS diff WHERE changes() = 1`,
          ),
        ],
        selectChangeOf(key, entry),
      );
      if (outcome.kind !== "written") return "gone";
      // No results: an earlier attempt of this very write is what did it.
      const [used] = outcome.results;
      return used === undefined || used.meta.changes === 1 ? "used" : "gone";
    },
  };
}
