import { sql, type SQL } from "drizzle-orm";

import type { JobLease } from "../../tenancy/job-lease.ts";
import { failureOf } from "../d1/d1-errors.ts";
import { leases } from "../job-tables.ts";
import { acquireLease, requireLease } from "../d1/lease.ts";
import { prepare, rowsOf } from "../d1/prepare.ts";
import { withDeadline } from "../d1/with-deadline.ts";
import { unavailable, withRetry } from "../d1/with-retry.ts";

/** A database as a job works on it: over all its tenants, and only as long as it holds the job's lease. */
export interface JobDatabase {
  readonly lease: JobLease;
  read<Row>(query: SQL): Promise<Row[]>;
  /** One round trip; the results in the order of the queries. */
  readAll(queries: readonly SQL[]): Promise<readonly D1Result[]>;
  /** One transaction. A guard that failed by its name: nothing was written. `lease_is_held` is one of them. */
  write(fencing: number, statements: readonly SQL[]): Promise<JobWrite>;
}

export type JobWrite =
  | { readonly kind: "written"; readonly results: readonly D1Result[] }
  | { readonly kind: "guard"; readonly name: string };

export function jobDatabase(database: D1Database, job: string): JobDatabase {
  const read = async <Row>(query: SQL): Promise<Row[]> =>
    rowsOf<Row>(await withRetry(() => prepare(database, query).run()));

  return {
    lease: {
      async acquire(holder, now, until) {
        const [lease] = await read<{ fencing: number }>(acquireLease(job, { holder, now, until }));
        return lease?.fencing;
      },
      async release(holder, until = "") {
        await read(
          sql`UPDATE ${leases} SET expires_at = ${until} WHERE job = ${job} AND holder = ${holder}`,
        );
      },
    },
    read,
    readAll: (queries) =>
      withRetry(() => database.batch(queries.map((query) => prepare(database, query)))),
    async write(fencing, statements) {
      try {
        const batch = [requireLease(job, fencing), ...statements];
        const [, ...results] = await withDeadline(
          database.batch(batch.map((query) => prepare(database, query))),
        );
        return { kind: "written", results };
      } catch (error) {
        const failure = failureOf(error);
        if (failure.kind !== "guard") throw unavailable(error);
        return failure;
      }
    },
  };
}
