import { sql, type SQL } from "drizzle-orm";

import { TenantFenced } from "../../tenancy/fence.ts";
import { TenantMoving } from "../../tenancy/tenant-moving.ts";
import type { LiveTenant } from "../../tenancy/tenant.ts";
import { failureOf, type D1Failure } from "./d1-errors.ts";
import { prepare } from "./prepare.ts";
import { guards, tenantStates } from "../tables.ts";
import { DeadlinePassed, withDeadline } from "./with-deadline.ts";
import { pauseBefore, unavailable, withRetry } from "./with-retry.ts";

const WRITE_ATTEMPTS = 4;
const RETRY_FOR_MS = 5_000;

/** A write that D1 refused for a reason that its statements foresaw. */
export type ForeseenFailure = Extract<D1Failure, { kind: "guard" | "unique" }>;

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
  /**
   * One transaction. `trace` selects what the batch leaves behind: after a failure that leaves the outcome
   * unknown, a row that it finds means "applied". Without one, the batch may be sent twice. Throws
   * `TenantMoving` while the tenant is on its way to another database.
   */
  write(
    statements: readonly SQL[],
    trace?: SQL,
  ): Promise<{ kind: "written"; results: D1Result[] } | ForeseenFailure>;
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

  // Outside the fence: the write may have been applied and the tenant have changed since, also by the write itself.
  async function leftTrace(trace: SQL | undefined): Promise<boolean> {
    if (!trace) return false;
    const found = await withRetry(() => prepare(database, trace).run());
    return found.results.length > 0;
  }

  async function write(
    statements: readonly SQL[],
    trace?: SQL,
  ): Promise<{ kind: "written"; results: D1Result[] } | ForeseenFailure> {
    // For an answer in words: the fence stops everybody, also who was admitted before the tenant was paused.
    if (tenant.isMoving) throw new TenantMoving();
    const batch = [writeFence, ...statements].map((query) => prepare(database, query));
    const start = Date.now();
    for (let attempt = 0; ; attempt++) {
      try {
        const [, ...results] = await withDeadline(database.batch(batch));
        confirmed = true;
        return { kind: "written", results };
      } catch (error) {
        const failure = failureOf(error);
        if (failure.kind === "guard" && failure.name === "fence_is_current")
          throw new TenantFenced();
        if (failure.kind === "guard" || failure.kind === "unique") {
          // The fence is the first statement: what failed stands behind it.
          confirmed = true;
          return failure;
        }
        if (failure.kind === "overloaded" || error instanceof DeadlinePassed)
          throw unavailable(error);
        await pauseBefore(attempt);
        if (await leftTrace(trace)) return { kind: "written", results: [] };
        const isOver = attempt + 1 >= WRITE_ATTEMPTS || Date.now() - start > RETRY_FOR_MS;
        if (failure.kind !== "transient" || isOver) throw unavailable(error);
      }
    }
  }

  async function confirm(): Promise<void> {
    if (!confirmed) await read([]);
  }

  return { key: tenant.key, confirm, read, write };
}
