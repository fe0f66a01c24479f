import { getTableName, sql, type SQL } from "drizzle-orm";

import type { DeletedTenant, PurgeStore } from "../../tenancy/deletion/ports.ts";
import type { Databases } from "../d1/databases.ts";
import { jobDatabase } from "../jobs/job-database.ts";
import { deleteRows } from "../moves/move-rows.ts";
import { prepare } from "../d1/prepare.ts";
import { credentialIndex, credentials, guards, tenants, tenantStates } from "../tables.ts";
import { tablesOfTenants } from "../tables-of-tenants.ts";
import { withRetry } from "../d1/with-retry.ts";
import { isDeleted, tenantIdOf } from "./deleted-tenants.ts";

/** Of each table, in one transaction. */
const ROWS = 2_000;

const CREDENTIALS = getTableName(credentials);

/** Without bytes to mind: rows are deleted, not read. */
const LIMITS = { rows: ROWS, bytes: Infinity };

/** The deleted tenants of the database of that name. */
export function purgeStore(databases: Databases, name: string): PurgeStore {
  const database = jobDatabase(databases.named(name), "purge-tenants");
  const inControl = (query: SQL) => withRetry(() => prepare(databases.control, query).run());

  /**
   * Takes away what the control database still says of the tenant, and returns, as JSON, the digests of tokens that
   * it does not know any more: only they may go here too, or nobody would ever find the others. Undefined, and
   * nothing done, for a tenant that is not deleted or is gone.
   */
  async function forget({ tenantKey, tenantId }: DeletedTenant): Promise<string | undefined> {
    const next = sql`(SELECT digest, former_digest FROM ${credentials} WHERE tenant_key = ${tenantKey}
      ORDER BY id LIMIT ${ROWS})`;
    const [row] = await database.read<{ digests: string; former: string }>(
      sql`SELECT (SELECT json_group_array(digest) FROM ${next}) AS digests,
          (SELECT json_group_array(former_digest) FROM ${next}) AS former
        FROM ${tenantStates} WHERE tenant_key = ${tenantKey} AND ${isDeleted}`,
    );
    if (!row) return undefined;
    await inControl(sql`DELETE FROM ${tenants} WHERE id = ${tenantId} AND database = ${name}`);
    await inControl(
      sql`DELETE FROM ${credentialIndex} WHERE tenant_id = ${tenantId} AND digest IN (
        SELECT value FROM json_each(${row.digests}) UNION SELECT value FROM json_each(${row.former}))`,
    );
    return row.digests;
  }

  return {
    lease: database.lease,

    async deletedTenants(limit) {
      const rows = await database.read<{ tenant_key: number; tenant_id: string }>(
        sql`SELECT tenant_key, tenant_id FROM ${tenantStates} WHERE ${isDeleted} LIMIT ${limit}`,
      );
      return rows.map((row) => ({
        tenantKey: row.tenant_key,
        tenantId: tenantIdOf(row.tenant_id),
      }));
    },

    async purge(fencing, tenant) {
      const { tenantKey } = tenant;
      const digests = await forget(tenant);
      if (digests === undefined) return "gone";
      const ofTenant = sql`${tenantStates} WHERE tenant_key = ${tenantKey}`;
      const requireDeleted = sql`INSERT INTO ${guards} (fence) SELECT 0 WHERE NOT EXISTS (
        SELECT 1 FROM ${ofTenant} AND ${isDeleted})`;
      const rows = [
        sql`DELETE FROM ${credentials} WHERE tenant_key = ${tenantKey}
          AND digest IN (SELECT value FROM json_each(${digests}))`,
        ...tablesOfTenants()
          .filter((table) => table.name !== CREDENTIALS)
          .map((table) => deleteRows(table, tenantKey, LIMITS)),
      ];
      const outcome = await database.write(fencing, [requireDeleted, ...rows]);
      if (outcome.kind !== "written")
        return outcome.name === "lease_is_held" ? "lease-lost" : "gone";
      if (outcome.results.some(({ meta }) => meta.changes === ROWS)) return "more";
      // Once more with the row of the fence, so that nothing stays of what was written in between.
      const last = await database.write(fencing, [
        requireDeleted,
        ...rows,
        sql`DELETE FROM ${ofTenant}`,
      ]);
      if (last.kind === "written") return "gone";
      return last.name === "lease_is_held" ? "lease-lost" : "gone";
    },
  };
}
