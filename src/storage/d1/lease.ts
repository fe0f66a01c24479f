import { sql, type SQL } from "drizzle-orm";

import { leases } from "../job-tables.ts";
import { guards } from "../tables.ts";

/** Takes the lease of a job unless another holder's runs, and returns its fencing number then. May be sent twice. */
export const acquireLease = (
  job: string,
  lease: { holder: string; now: string; until: string },
): SQL => sql`INSERT INTO ${leases} (job, holder, fencing, expires_at)
  VALUES (${job}, ${lease.holder}, 1, ${lease.until})
  ON CONFLICT (job) DO UPDATE SET holder = excluded.holder, fencing = fencing + 1,
    expires_at = excluded.expires_at WHERE expires_at <= ${lease.now} OR holder = excluded.holder
  RETURNING fencing`;

/** The guard of every write of a job: the lease is still ours, by its fencing number. */
export const requireLease = (job: string, fencing: number): SQL =>
  sql`INSERT INTO ${guards} (lease) SELECT 0 WHERE NOT EXISTS (
    SELECT 1 FROM ${leases} WHERE job = ${job} AND fencing = ${fencing})`;

export const renewLease = (job: string, fencing: number, until: string): SQL =>
  sql`UPDATE ${leases} SET expires_at = ${until} WHERE job = ${job} AND fencing = ${fencing}`;

/** The row stays: the next holder's number has to be higher. */
export const releaseLease = (job: string, holder: string): SQL =>
  sql`UPDATE ${leases} SET expires_at = '' WHERE job = ${job} AND holder = ${holder}`;
