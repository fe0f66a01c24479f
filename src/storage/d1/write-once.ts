import { sql, type SQL } from "drizzle-orm";

import { guards } from "../tables.ts";
import { failureOf, type D1Failure } from "./d1-errors.ts";
import { prepare } from "./prepare.ts";
import { DeadlinePassed, withDeadline } from "./with-deadline.ts";
import { pauseBefore, unavailable, withRetry } from "./with-retry.ts";

const ATTEMPTS = 4;
const RETRY_FOR_MS = 5_000;

/** A write that D1 refused for a reason that its statements foresaw. */
export type ForeseenFailure = Extract<D1Failure, { kind: "guard" | "unique" }>;

/** `results` is empty where the transaction is known by its trace only: its answer was lost. */
export type Written = { readonly kind: "written"; readonly results: readonly D1Result[] };

/**
 * One transaction, applied once or not at all. `trace` selects what it leaves behind: after a failure that leaves the
 * outcome unknown, a row that it finds means "applied". Without one, the transaction may be sent twice.
 */
export async function writeOnce(
  database: D1Database,
  statements: readonly SQL[],
  trace: SQL | undefined,
): Promise<Written | ForeseenFailure> {
  const leftTrace = async (): Promise<boolean> => {
    if (!trace) return false;
    const found = await withRetry(() => prepare(database, trace).run());
    return found.results.length > 0;
  };

  const send = async (guard: readonly SQL[]): Promise<D1Result[]> => {
    const batch = [...guard, ...statements].map((query) => prepare(database, query));
    const results = await withDeadline(database.batch(batch));
    return results.slice(guard.length);
  };
  // What is sent again may meet the first attempt, which came through after its trace was looked for.
  const notDone = trace
    ? [sql`INSERT INTO ${guards} (version) SELECT 0 WHERE EXISTS (${trace})`]
    : [];

  const start = Date.now();
  for (let attempt = 0; ; attempt++) {
    try {
      return { kind: "written", results: await send(attempt === 0 ? [] : notDone) };
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === "guard" || failure.kind === "unique") {
        const isDone = attempt > 0 && (await leftTrace());
        return isDone ? { kind: "written", results: [] } : failure;
      }
      if (failure.kind === "overloaded" || error instanceof DeadlinePassed)
        throw unavailable(error);
      await pauseBefore(attempt);
      if (await leftTrace()) return { kind: "written", results: [] };
      const isOver = attempt + 1 >= ATTEMPTS || Date.now() - start > RETRY_FOR_MS;
      if (failure.kind !== "transient" || isOver) throw unavailable(error);
    }
  }
}
