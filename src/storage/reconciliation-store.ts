import { sql, type SQL } from "drizzle-orm";

import type { ReconciliationStore } from "../directory/reconciliation.ts";
import { failureOf } from "./d1-errors.ts";
import { prepare, rowsOf } from "./prepare.ts";
import { reconcileStatements } from "./reconcile-statements.ts";
import { leases, reconciliations } from "./job-tables.ts";
import { requireStaysHere } from "./stays-here.ts";
import { departments, guards, tenantStates } from "./tables.ts";
import { unavailable, withRetry } from "./with-retry.ts";

const JOB = "reconcile-departments";

/** The guard of every write: the lease is still ours, by its fencing number. */
const leaseHeld = (
  fencing: number,
): SQL => sql`INSERT INTO ${guards} (lease) SELECT 0 WHERE NOT EXISTS (
  SELECT 1 FROM ${leases} WHERE job = ${JOB} AND fencing = ${fencing})`;

export function reconciliationStore(database: D1Database): ReconciliationStore {
  const read = async <Row>(query: SQL): Promise<Row[]> =>
    rowsOf<Row>(await withRetry(() => prepare(database, query).run()));

  /** Nothing of the batch is written when the lease was lost, or when the tenant is on its way to another database. */
  async function write(
    fencing: number,
    statements: readonly SQL[],
  ): Promise<D1Result[] | "lease-lost" | "moving"> {
    try {
      const batch = [leaseHeld(fencing), ...statements].map((query) => prepare(database, query));
      return (await database.batch(batch)).slice(1);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === "guard" && failure.name === "lease_is_held") return "lease-lost";
      if (failure.kind === "guard" && failure.name === "fence_is_current") return "moving";
      throw unavailable(error);
    }
  }

  return {
    async acquire(holder, now, expiresAt) {
      const [lease] = await read<{ fencing: number }>(
        sql`INSERT INTO ${leases} (job, holder, fencing, expires_at)
          VALUES (${JOB}, ${holder}, 1, ${expiresAt})
          ON CONFLICT (job) DO UPDATE SET holder = excluded.holder, fencing = fencing + 1,
            expires_at = excluded.expires_at WHERE expires_at <= ${now}
          RETURNING fencing`,
      );
      return lease?.fencing;
    },

    async openRun(fencing, run) {
      const open = sql`SELECT run, cursor FROM ${reconciliations} WHERE finished_at IS NULL
        ORDER BY run LIMIT 1`;
      const results = await write(fencing, [
        sql`INSERT INTO ${reconciliations} (id, trigger, started_at)
          SELECT ${run.id}, ${run.trigger}, ${run.startedAt}
          WHERE NOT EXISTS (SELECT 1 FROM ${reconciliations} WHERE finished_at IS NULL)`,
        open,
      ]);
      if (typeof results === "string") return undefined;
      return rowsOf<{ run: number; cursor: number }>(results[1])[0];
    },

    async tenantsAfter(cursor, limit) {
      const rows = await read<{ tenant_key: number }>(
        sql`SELECT tenant_key FROM ${tenantStates} WHERE tenant_key > ${cursor} AND EXISTS (
            SELECT 1 FROM ${departments} WHERE ${departments}.tenant_key = ${tenantStates}.tenant_key)
          ORDER BY tenant_key LIMIT ${limit}`,
      );
      return rows.map((row) => row.tenant_key);
    },

    async reconcile(fencing, { run }, tenantKey, dates) {
      const reconciled = await write(fencing, [
        requireStaysHere(tenantKey),
        ...reconcileStatements(tenantKey, run, dates),
      ]);
      if (typeof reconciled !== "string") return "done";
      if (reconciled === "lease-lost") return "lease-lost";
      const passedOver = sql`UPDATE ${reconciliations} SET cursor = ${tenantKey} WHERE run = ${run}`;
      return (await write(fencing, [passedOver])) === "lease-lost" ? "lease-lost" : "done";
    },

    async finishRun(fencing, { run }, finishedAt) {
      await write(fencing, [
        sql`UPDATE ${reconciliations} SET finished_at = ${finishedAt} WHERE run = ${run}`,
      ]);
    },

    async release(holder) {
      await read(
        sql`UPDATE ${leases} SET expires_at = '' WHERE job = ${JOB} AND holder = ${holder}`,
      );
    },
  };
}
