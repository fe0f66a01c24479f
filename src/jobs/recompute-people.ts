import type { RecomputeStore } from "../directory/recompute/ports.ts";
import { recomputePeople } from "../directory/recompute/recompute-people.ts";
import type { Clock, Ids } from "../tenancy/clock.ts";
import { eachDatabase } from "./each-database.ts";

/** An invocation has 1,000 queries of D1, and a portion of people takes 13 at most. */
const CHUNKS_PER_RUN = 60;
const RUN_MS = 4 * 60_000;
const TENANTS_PER_RUN = 50;

export interface RecomputeDeps {
  /** One for each database. */
  readonly stores: readonly RecomputeStore[];
  readonly clock: Clock;
  readonly ids: Ids;
}

/**
 * Goes on with what the changes of settings left to do in people's rows: the request that changes a setting does
 * what it can itself. The next run goes on where this one stops.
 */
export function recomputePeopleOfTenants(deps: RecomputeDeps): Promise<void> {
  const { clock } = deps;
  const until = clock.now() + RUN_MS;
  return eachDatabase(deps.stores, deps, async (store) => {
    let chunks = CHUNKS_PER_RUN;
    let conflicts = 0;
    for (const tenantKey of await store.openTenants(TENANTS_PER_RUN)) {
      if (chunks <= 0 || clock.now() >= until) break;
      const result = await recomputePeople(tenantKey, store, { until, chunks }, deps);
      chunks -= result.chunks;
      conflicts += result.conflicts;
    }
    tellConflicts(conflicts);
    return undefined;
  });
}

/** One line for a whole run: whose address it is, nobody is to read in a log. */
export function tellConflicts(people: number): void {
  if (people === 0) return;
  console.warn(JSON.stringify({ event: "recompute-conflicts", people }));
}
