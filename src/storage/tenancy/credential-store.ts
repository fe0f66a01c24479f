import { sql } from "drizzle-orm";

import type { Token } from "../../tenancy/credential.ts";
import type { CredentialStore } from "../../tenancy/ports.ts";
import { SCOPES, type Scope } from "../../tenancy/scopes.ts";
import type { LiveTenant } from "../../tenancy/tenant.ts";
import { CONTROL_DATABASE, type Databases } from "../d1/databases.ts";
import { prepare, rowsOf } from "../d1/prepare.ts";
import { credentialIndex, credentials, tenantStates } from "../tables.ts";
import { tenantDatabase } from "../d1/tenant-database.ts";
import { unavailable } from "../d1/with-retry.ts";

interface CredentialRow {
  id: string;
  name: string;
  last4: string;
  scopes: string;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
  last_used_by: string | null;
}

export const parseScopes = (text: string): Scope[] => {
  const granted = new Set(text.split(" "));
  return SCOPES.filter((scope) => granted.has(scope));
};

const tokenOf = (row: CredentialRow): Token => ({
  id: row.id,
  name: row.name,
  last4: row.last4,
  scopes: parseScopes(row.scopes),
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  lastUsedAt: row.last_used_at,
  lastUsedBy: row.last_used_by,
});

/** The credentials of one tenant. */
export function credentialStore(databases: Databases, tenant: LiveTenant): CredentialStore {
  const place = databases.named(tenant.database);
  const database = tenantDatabase(place, tenant);
  const { key } = database;

  return {
    async add(credential) {
      const index = sql`INSERT INTO ${credentialIndex} (digest, tenant_id)
        VALUES (${credential.digest}, ${tenant.id}) ON CONFLICT DO NOTHING`;
      const row = sql`INSERT INTO ${credentials} (tenant_key, id, name, digest, pepper_id, last4, scopes,
          created_at, expires_at)
        VALUES (${key}, ${credential.id}, ${credential.name}, ${credential.digest}, ${credential.pepperId},
          ${credential.last4}, ${credential.scopes.join(" ")}, ${credential.createdAt}, ${credential.expiresAt})
        ON CONFLICT DO NOTHING`;
      // The index first where the databases differ: a digest without a credential admits nobody.
      if (tenant.database !== CONTROL_DATABASE) {
        await prepare(databases.control, index)
          .run()
          .catch((error: unknown) => {
            throw unavailable(error);
          });
      }
      await database.write(tenant.database === CONTROL_DATABASE ? [index, row] : [row]);
    },

    async list(page) {
      const [found] = await database.read([
        sql`SELECT id, name, last4, scopes, created_at, expires_at, revoked_at, last_used_at, last_used_by
          FROM ${credentials} WHERE tenant_key = ${key} AND id > ${page.cursor ?? ""}
          ORDER BY id LIMIT ${page.limit + 1}`,
      ]);
      const rows = rowsOf<CredentialRow>(found);
      const shown = rows.slice(0, page.limit);
      return {
        items: shown.map(tokenOf),
        nextCursor: rows.length > page.limit ? shown.at(-1)?.id : undefined,
      };
    },

    async revoke(id, at) {
      const [found] = await database.read([
        sql`SELECT revoked_at FROM ${credentials} WHERE tenant_key = ${key} AND id = ${id}`,
      ]);
      const [row] = rowsOf<{ revoked_at: string | null }>(found);
      if (!row) return "unknown";
      if (row.revoked_at !== null) return "revoked";
      await database.write([
        sql`UPDATE ${credentials} SET revoked_at = ${at} WHERE tenant_key = ${key} AND id = ${id}
            AND revoked_at IS NULL`,
        sql`UPDATE ${tenantStates} SET epoch = epoch + 1 WHERE tenant_key = ${key}`,
      ]);
      return "revoked";
    },
  };
}
