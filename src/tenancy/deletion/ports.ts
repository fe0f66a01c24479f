import type { JobLease } from "../job-lease.ts";

/** A tenant that was deleted, and some of whose rows are still there. */
export interface DeletedTenant {
  readonly tenantKey: number;
  readonly tenantId: string;
}

/** The deleted tenants of one database. A job's port. */
export interface PurgeStore {
  readonly lease: JobLease;
  deletedTenants(limit: number): Promise<readonly DeletedTenant[]>;
  /**
   * Deletes the next rows of a deleted tenant, some thousands of each table. `gone`: these were the last, and
   * nothing names the tenant any more. `lease-lost`: nothing was deleted.
   */
  purge(fencing: number, tenant: DeletedTenant): Promise<"more" | "gone" | "lease-lost">;
}
