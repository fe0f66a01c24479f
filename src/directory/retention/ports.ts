import type { JobLease } from "../../tenancy/job-lease.ts";

/** Until when the past of a tenant is kept. */
export interface RetainedTenant {
  readonly tenantKey: number;
  /** What ended before this moment goes. */
  readonly before: string;
  /** Whether its journal begins before that. */
  readonly isDue: boolean;
}

/**
 * The past of the tenants of one database. A job's port. Each method deletes some thousands of rows in one
 * transaction; `more`: there may be others. `overtaken`: the lease is lost, or a tenant is on its way to another
 * database, and nothing was deleted.
 */
export interface RetentionStore {
  readonly lease: JobLease;
  /** Tenants behind the key, in the order of their keys. */
  tenantsAfter(tenantKey: number, limit: number, now: number): Promise<readonly RetainedTenant[]>;
  /**
   * The oldest rows of a journal, and with the row of a deletion what was kept of the person: their last document,
   * their times in departments, their invitation. The newest row stays whatever its age, since the next one's
   * number follows from it.
   */
  purgeJournal(fencing: number, tenant: RetainedTenant): Promise<RetentionStep>;
  /** Retired departments that nothing refers to, resolved alerts, and hours of traffic before `traffic`. */
  purgeRest(
    fencing: number,
    tenants: readonly RetainedTenant[],
    traffic: string,
  ): Promise<RetentionStep>;
  /** Finished runs of the reconciliation. */
  purgeRuns(fencing: number, before: string): Promise<RetentionStep>;
  /** Access tokens of OAuth clients that ended before. */
  purgeAccessTokens(fencing: number, before: string): Promise<RetentionStep>;
}

export type RetentionStep = "more" | "done" | "overtaken";
