/** What one run of the reconciliation has done so far, in one database. */
export interface ReconciliationRun {
  /** Rises with every run: a department marked in one run is retired in a later one at the earliest. */
  readonly run: number;
  /** The tenants up to this one are done. A run that was killed goes on behind it. */
  readonly cursor: number;
}

export interface ReconciliationDates {
  readonly now: string;
  /** Departments marked after this moment are still within their grace. */
  readonly markedBefore: string;
}

/**
 * Finds departments that nothing refers to, in one database. A job's port and nobody else's: it is the only one
 * that walks over tenants. Every write carries the lease's fencing number, so that a job that lost its lease
 * writes nothing more.
 */
export interface ReconciliationStore {
  /** The fencing number; undefined while another holder's lease runs. */
  acquire(holder: string, now: string, expiresAt: string): Promise<number | undefined>;
  /** A run that was not finished, else a new one. */
  openRun(
    fencing: number,
    run: { id: string; trigger: "cron" | "admin"; startedAt: string },
  ): Promise<ReconciliationRun | undefined>;
  /** Keys of the tenants that have departments, in order. */
  tenantsAfter(cursor: number, limit: number): Promise<number[]>;
  /**
   * Unmarks, marks and retires the departments of one tenant, and moves the cursor; one transaction. Only moves
   * the cursor when the tenant is on its way to another database.
   */
  reconcile(
    fencing: number,
    run: ReconciliationRun,
    tenantKey: number,
    dates: ReconciliationDates,
  ): Promise<"done" | "lease-lost">;
  finishRun(fencing: number, run: ReconciliationRun, finishedAt: string): Promise<void>;
  release(holder: string): Promise<void>;
}
