import type { JobLease } from "../../tenancy/job-lease.ts";

/** Rows of one tenant's journal by their numbers: those behind `from`, up to and including `to`. */
export interface JournalPart {
  readonly tenantKey: number;
  readonly from: number;
  readonly to: number;
}

/** The journals of one database as the hourly counts see them. A job's port. */
export interface TrafficStore {
  readonly lease: JobLease;
  /** What is not counted yet, of so many tenants at most. */
  uncounted(limit: number): Promise<readonly JournalPart[]>;
  /**
   * Counts the parts into the hours of their tenants; one transaction, in which each part is counted once however
   * often it is sent. `overtaken`: the lease is lost, one was counted by somebody else or is on its way to another
   * database; nothing was written.
   */
  count(fencing: number, parts: readonly JournalPart[]): Promise<"counted" | "overtaken">;
}
