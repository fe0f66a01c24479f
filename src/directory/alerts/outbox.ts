import type { JobLease } from "../../tenancy/job-lease.ts";
import type { Alert } from "./alert.ts";

/** An open alert that nobody has been told of, and whom to tell. */
export interface UnsentAlert extends Pick<Alert, "id" | "kind" | "detail" | "raisedAt"> {
  readonly tenantKey: number;
  readonly tenantId: string;
  readonly notifyEmail: string;
}

/** The alerts of all tenants of one database that wait to be mailed: a job's port and nobody else's. */
export interface AlertOutbox {
  readonly lease: JobLease;
  /** Of active tenants that name an address; raised after that moment, oldest first. */
  unsent(raisedAfter: string, limit: number): Promise<readonly UnsentAlert[]>;
  markSent(alerts: readonly UnsentAlert[], at: string): Promise<void>;
}
