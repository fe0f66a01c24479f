import { sql, type SQL } from "drizzle-orm";

import type { Change } from "../../journal/change.ts";
import type { Client, ClientWithSecrets } from "../../tenancy/clients/client.ts";
import type { ClientStore } from "../../tenancy/clients/ports.ts";
import type { LiveTenant } from "../../tenancy/tenant.ts";
import { CONTROL_DATABASE, type Databases } from "../d1/databases.ts";
import { rowsOf } from "../d1/prepare.ts";
import { tenantDatabase } from "../d1/tenant-database.ts";
import { insertChange, selectChangeOf } from "../journal/change-statement.ts";
import { credentials, oauthClients } from "../tables.ts";
import {
  credentialOf,
  type CredentialRow,
  indexCredential,
  insertCredential,
  parseScopes,
  raiseEpoch,
  storedColumns,
} from "./credential-store.ts";

interface ClientRow {
  id: string;
  name: string;
  scopes: string;
  created_at: string;
}

const clientOf = (row: ClientRow): Client => ({
  id: row.id,
  name: row.name,
  scopes: parseScopes(row.scopes),
  createdAt: row.created_at,
});

const isLive = sql`revoked_at IS NULL`;

/** The OAuth clients of one tenant. */
export function clientStore(databases: Databases, tenant: LiveTenant): ClientStore {
  const database = tenantDatabase(databases.named(tenant.database), tenant);
  const { key } = database;
  const ofTenant = sql`tenant_key = ${key}`;
  const write = (statements: readonly SQL[], entry: Change) =>
    database.write([...statements, insertChange(key, entry)], selectChangeOf(key, entry));

  /** Clients of these rows, each with its live secrets; the second query names the rows again, for one round trip. */
  async function clientsOf(rows: (columns: SQL) => SQL): Promise<ClientWithSecrets[]> {
    const [found, secrets] = await database.read([
      rows(sql`id, name, scopes, created_at`),
      // The first condition is the one of the index that holds no access tokens.
      sql`SELECT ${storedColumns} FROM ${credentials} WHERE ${ofTenant} AND kind <> 'access'
        AND kind = 'client-secret' AND ${isLive} AND client_id IN (${rows(sql`id`)}) ORDER BY id`,
    ]);
    const known = rowsOf<CredentialRow>(secrets).map(credentialOf);
    return rowsOf<ClientRow>(found).map((row) => ({
      ...clientOf(row),
      secrets: known.filter(({ clientId }) => clientId === row.id),
    }));
  }

  /** When something was revoked; undefined: there is no such row. */
  async function revocationOf(row: SQL): Promise<{ revoked_at: string | null } | undefined> {
    const [found] = await database.read([sql`SELECT revoked_at FROM ${row}`]);
    return rowsOf<{ revoked_at: string | null }>(found)[0];
  }

  return {
    async create(client, secret, entry) {
      const index = await indexCredential(databases, tenant, secret);
      const row = sql`INSERT INTO ${oauthClients} (tenant_key, id, name, scopes, created_at)
        VALUES (${key}, ${client.id}, ${client.name}, ${client.scopes.join(" ")}, ${client.createdAt})
        ON CONFLICT DO NOTHING`;
      await write([...index, row, insertCredential(key, secret)], entry);
    },

    async list(page) {
      const clients = await clientsOf(
        (columns) => sql`SELECT ${columns} FROM ${oauthClients} WHERE ${ofTenant} AND ${isLive}
          AND id > ${page.cursor ?? ""} ORDER BY id LIMIT ${page.limit + 1}`,
      );
      const items = clients.slice(0, page.limit);
      return { items, nextCursor: clients.length > page.limit ? items.at(-1)?.id : undefined };
    },

    async find(id) {
      const [client] = await clientsOf(
        (columns) =>
          sql`SELECT ${columns} FROM ${oauthClients} WHERE ${ofTenant} AND id = ${id} AND ${isLive}`,
      );
      return client;
    },

    async addSecret(secret, entry) {
      const index = await indexCredential(databases, tenant, secret);
      await write([...index, insertCredential(key, secret)], entry);
    },

    async revoke(id, entry) {
      const known = await revocationOf(sql`${oauthClients} WHERE ${ofTenant} AND id = ${id}`);
      if (!known) return "unknown";
      if (known.revoked_at !== null) return "revoked";
      await write(
        [
          sql`UPDATE ${oauthClients} SET revoked_at = ${entry.at} WHERE ${ofTenant} AND id = ${id} AND ${isLive}`,
          sql`UPDATE ${credentials} SET revoked_at = ${entry.at} WHERE ${ofTenant} AND client_id = ${id} AND ${isLive}`,
          raiseEpoch(key),
        ],
        entry,
      );
      return "revoked";
    },

    async revokeSecret(clientId, secretId, entry) {
      const known = await revocationOf(sql`${credentials} WHERE ${ofTenant} AND id = ${secretId}
        AND client_id = ${clientId} AND kind = 'client-secret'`);
      if (!known) return "unknown";
      if (known.revoked_at !== null) return "revoked";
      await write(
        [
          sql`UPDATE ${credentials} SET revoked_at = ${entry.at} WHERE ${ofTenant} AND client_id = ${clientId}
            AND (id = ${secretId} OR parent_id = ${secretId}) AND ${isLive}`,
          raiseEpoch(key),
        ],
        entry,
      );
      return "revoked";
    },

    async grant(access) {
      const index = indexCredential(databases, tenant, access);
      const row = insertCredential(key, access);
      if (tenant.database === CONTROL_DATABASE) {
        await database.write([...(await index), row]);
        return;
      }
      // At the same time: neither of the two rows admits anybody without the other.
      await Promise.all([index, database.write([row])]);
    },
  };
}
