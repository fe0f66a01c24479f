import { sql, type SQL } from "drizzle-orm";

import type { JobLease } from "../../tenancy/job-lease.ts";
import { failureOf } from "../d1-errors.ts";
import { leases } from "../job-tables.ts";
import { prepare, rowsOf } from "../prepare.ts";
import { guards } from "../tables.ts";
import { unavailable, withRetry } from "../with-retry.ts";

/** A database as a job works on it: over all its tenants, and only as long as it holds the job's lease. */
export interface JobDatabase {
  readonly lease: JobLease;
  read<Row>(query: SQL): Promise<Row[]>;
  /** One transaction. `lease-lost`, or the name of another guard that failed: nothing was written. */
  write(fencing: number, statements: readonly SQL[]): Promise<JobWrite>;
}

export type JobWrite =
  | { readonly kind: "written"; readonly results: readonly D1Result[] }
  | { readonly kind: "lease-lost" }
  | { readonly kind: "guard"; readonly name: string };

export function jobDatabase(database: D1Database, job: string): JobDatabase {
  const read = async <Row>(query: SQL): Promise<Row[]> =>
    rowsOf<Row>(await withRetry(() => prepare(database, query).run()));

  return {
    lease: {
      async acquire(holder, now, expiresAt) {
        const [lease] = await read<{ fencing: number }>(
          sql`INSERT INTO ${leases} (job, holder, fencing, expires_at)
            VALUES (${job}, ${holder}, 1, ${expiresAt})
            ON CONFLICT (job) DO UPDATE SET holder = excluded.holder, fencing = fencing + 1,
              expires_at = excluded.expires_at WHERE expires_at <= ${now}
            RETURNING fencing`,
        );
        return lease?.fencing;
      },
      async release(holder, until = "") {
        await read(
          sql`UPDATE ${leases} SET expires_at = ${until} WHERE job = ${job} AND holder = ${holder}`,
        );
      },
    },
    read,
    async write(fencing, statements) {
      const held = sql`INSERT INTO ${guards} (lease) SELECT 0 WHERE NOT EXISTS (
        SELECT 1 FROM ${leases} WHERE job = ${job} AND fencing = ${fencing})`;
      try {
        const batch = [held, ...statements].map((query) => prepare(database, query));
        const [, ...results] = await database.batch(batch);
        return { kind: "written", results };
      } catch (error) {
        const failure = failureOf(error);
        if (failure.kind !== "guard") throw unavailable(error);
        return failure.name === "lease_is_held" ? { kind: "lease-lost" } : failure;
      }
    },
  };
}
