import type { SQL } from "drizzle-orm";

import { LeaseLost } from "../../tenancy/move-ports.ts";
import { failureOf } from "./d1-errors.ts";
import { prepare } from "./prepare.ts";
import { withRetry } from "./with-retry.ts";

/** One transaction of a job that may be sent twice. Throws `LeaseLost` when its guard says so. */
export async function guardedBatch(
  database: D1Database,
  statements: readonly SQL[],
): Promise<D1Result[]> {
  try {
    return await withRetry(() =>
      database.batch(statements.map((query) => prepare(database, query))),
    );
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === "guard" && failure.name === "lease_is_held") throw new LeaseLost();
    throw error;
  }
}
