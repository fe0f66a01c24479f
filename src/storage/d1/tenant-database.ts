import { sql, type SQL } from "drizzle-orm";

import { TenantFenced } from "../../tenancy/fence.ts";
import { TenantMoving } from "../../tenancy/tenant-moving.ts";
import type { LiveTenant } from "../../tenancy/tenant.ts";
import { prepare } from "./prepare.ts";
import { guards, tenantStates } from "../tables.ts";
import { withRetry } from "./with-retry.ts";
import { writeOnce, type ForeseenFailure, type Written } from "./write-once.ts";

/**
 * One tenant's part of a database. Every batch begins with the fence, at the price of one row read and no
 * round trip: when the tenant is not at the expected epoch any more, `TenantFenced` is thrown and nothing
 * was read or written.
 */
export interface TenantDatabase {
  readonly key: number;
  /** Throws `TenantFenced` unless a batch has passed the fence; a round trip only when none was sent. */
  confirm(): Promise<void>;
  /** One round trip; the results in the order of the queries. */
  read(queries: readonly SQL[]): Promise<D1Result[]>;
  /** `writeOnce` behind the fence. Throws `TenantMoving` while the tenant is on its way to another database. */
  write(statements: readonly SQL[], trace?: SQL): Promise<Written | ForeseenFailure>;
}

export function tenantDatabase(
  database: D1Database,
  tenant: Pick<LiveTenant, "key" | "epoch"> & Partial<Pick<LiveTenant, "isMoving">>,
): TenantDatabase {
  const current = sql`${tenantStates.tenantKey} = ${tenant.key} AND ${tenantStates.epoch} = ${tenant.epoch}`;
  const readFence = sql`SELECT 1 FROM ${tenantStates} WHERE ${current}`;
  let confirmed = false;
  const writeFence = sql`INSERT INTO ${guards} (fence) SELECT 0 WHERE NOT EXISTS (
    ${readFence} AND moving_to IS NULL)`;

  async function read(queries: readonly SQL[]): Promise<D1Result[]> {
    const [fence, ...results] = await withRetry(() =>
      database.batch([readFence, ...queries].map((query) => prepare(database, query))),
    );
    if (fence?.results.length !== 1) throw new TenantFenced();
    confirmed = true;
    return results;
  }

  async function write(
    statements: readonly SQL[],
    trace?: SQL,
  ): Promise<Written | ForeseenFailure> {
    // For an answer in words: the fence stops everybody, also who was admitted before the tenant was paused.
    if (tenant.isMoving) throw new TenantMoving();
    // The trace is outside the fence: the write may have been applied and the tenant have changed since, also by the
    // write itself.
    const outcome = await writeOnce(database, [writeFence, ...statements], trace);
    if (outcome.kind === "guard" && outcome.name === "fence_is_current") throw new TenantFenced();
    // The fence is the first statement: what failed stands behind it.
    confirmed = true;
    return outcome.kind === "written" ? { ...outcome, results: outcome.results.slice(1) } : outcome;
  }

  async function confirm(): Promise<void> {
    if (!confirmed) await read([]);
  }

  return { key: tenant.key, confirm, read, write };
}
