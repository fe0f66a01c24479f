import type { Change } from "../../journal/change.ts";
import type { Page, PageRequest } from "../../tenancy/ports.ts";
import type { Alert, NewAlert } from "./alert.ts";

/** The alerts of one tenant. Methods throw what those of `DirectoryStore` throw. */
export interface AlertStore {
  /** One alert is open per kind and subject: while it is, raising it again changes nothing. */
  raise(alert: NewAlert & { readonly id: string; readonly raisedAt: string }): Promise<void>;
  /** Newest first: all, only those that are open, or only the others. */
  list(page: PageRequest & { readonly open?: boolean | undefined }): Promise<Page<Alert>>;
  find(id: string): Promise<Alert | undefined>;
  /**
   * Closes an open alert, with the row in the journal. One of kind `guard` releases the guard in the same
   * transaction: a new window begins, in which nobody is counted. `stale`: somebody closed it meanwhile.
   */
  resolve(id: string, change: Change): Promise<"resolved" | "stale">;
}

/**
 * For jobs, which know a tenant by its key in the database that they work on. Nothing happens while an alert of
 * the kind and subject is open, or when the tenant is gone.
 */
export type RaiseAlert = (tenantKey: number, alert: NewAlert) => Promise<void>;
