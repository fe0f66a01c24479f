import type { JobLease } from "../../tenancy/job-lease.ts";
import type { NewAlert } from "./alert.ts";
import type { AlertDecision, TenantFacts } from "./decide-alerts.ts";

export interface WatchedTenant {
  readonly tenantKey: number;
  readonly facts: TenantFacts;
}

/** The tenants of one database as the watch job sees them; a job's port and nobody else's. */
export interface WatchStore {
  readonly lease: JobLease;
  /** The greatest tenant key; 0 when there is no tenant. */
  lastTenant(): Promise<number>;
  /** Active tenants behind the cursor, in the order of their keys. */
  tenantsAfter(cursor: number, limit: number, now: string): Promise<readonly WatchedTenant[]>;
  /** Raises and resolves, for any number of tenants, in one transaction. */
  apply(
    fencing: number,
    decisions: readonly { readonly tenantKey: number; readonly decision: AlertDecision }[],
    alertIdOf: (alert: NewAlert) => string,
    now: string,
  ): Promise<"done" | "lease-lost">;
  /** Forgets who was counted in windows of the mass-deactivation guard that are over; a limited number of rows. */
  forgetOldDeactivations(fencing: number): Promise<void>;
}
