import type { JournalPart, TrafficStore } from "../directory/traffic/ports.ts";
import type { Clock, Ids } from "../tenancy/clock.ts";
import { eachDatabase } from "./each-database.ts";

const TENANTS_AT_ONCE = 100;
/** Rows of the journal that one transaction reads. */
const ROWS_AT_ONCE = 20_000;
/** D1 allows 1,000 queries to an invocation, for all jobs together; each turn takes six. */
const TURNS_PER_RUN = 25;

export interface RollUpDeps {
  /** One for each database. */
  readonly stores: readonly TrafficStore[];
  readonly clock: Clock;
  readonly ids: Ids;
}

/** As many parts, and of the last one as much, as fit into one transaction. */
function fitting(parts: readonly JournalPart[]): JournalPart[] {
  let left = ROWS_AT_ONCE;
  return parts.flatMap((part) => {
    const to = Math.min(part.to, part.from + left);
    left -= to - part.from;
    return to > part.from ? [{ ...part, to }] : [];
  });
}

/**
 * Counts what identity providers asked for, by tenant and hour, from the journal: the counts outlive its rows. Each
 * row counts once, since the place that was reached moves in the transaction that counts; a run that is killed or
 * overtaken leaves the rest to the next one.
 */
export function rollUpTraffic(deps: RollUpDeps): Promise<void> {
  return eachDatabase(deps.stores, deps, async (store, fencing) => {
    for (let turn = 0; turn < TURNS_PER_RUN; turn++) {
      const parts = fitting(await store.uncounted(TENANTS_AT_ONCE));
      if (parts.length === 0 || (await store.count(fencing, parts)) === "overtaken") break;
    }
    return undefined;
  });
}
