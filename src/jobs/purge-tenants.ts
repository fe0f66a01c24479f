import type { Clock, Ids } from "../tenancy/clock.ts";
import type { PurgeStore } from "../tenancy/deletion/ports.ts";
import { eachDatabase } from "./each-database.ts";

const TENANTS_PER_RUN = 20;
/** D1 allows 1,000 queries to an invocation, for all jobs together, and a turn takes one for each table. */
const TURNS_PER_RUN = 12;

export interface PurgeTenantsDeps {
  /** One for each database. */
  readonly stores: readonly PurgeStore[];
  readonly clock: Clock;
  readonly ids: Ids;
}

/**
 * Deletes the rows of tenants that were deleted, one tenant after the other, some thousands at a time. A run that
 * is killed leaves fewer rows to the next one, and the row that says that the tenant was deleted goes last.
 */
export function purgeTenants(deps: PurgeTenantsDeps): Promise<void> {
  return eachDatabase(deps.stores, deps, async (store, fencing) => {
    let turns = TURNS_PER_RUN;
    for (const tenant of await store.deletedTenants(TENANTS_PER_RUN)) {
      let progress: Awaited<ReturnType<PurgeStore["purge"]>> = "more";
      while (progress === "more" && turns > 0) {
        turns -= 1;
        progress = await store.purge(fencing, tenant);
      }
      if (progress === "lease-lost" || turns === 0) break;
    }
    return undefined;
  });
}
