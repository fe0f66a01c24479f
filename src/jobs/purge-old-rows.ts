import type { RetentionStep, RetentionStore } from "../directory/retention/ports.ts";
import type { Clock, Ids } from "../tenancy/clock.ts";
import { eachDatabase } from "./each-database.ts";

const DAY_MS = 86_400_000;
/** To look for old rows reads a row of each tenant, and every retired department: a few times a day is enough. */
const REST_MS = DAY_MS / 4;
const TRAFFIC_DAYS = 400;
const RUNS_DAYS = 90;
/** So long the log says of a client that goes on with one that it has expired; later, that nobody knows it. */
const ACCESS_TOKENS_DAYS = 1;
const TENANTS_AT_ONCE = 500;
/** D1 allows 1,000 queries to an invocation, for all jobs together, and a step takes eight at most. */
const STEPS_PER_RUN = 40;

export interface PurgeOldRowsDeps {
  /** One for each database. */
  readonly stores: readonly RetentionStore[];
  readonly clock: Clock;
  readonly ids: Ids;
}

/** What one run may still do. */
interface Budget {
  steps: number;
}

/** Repeats a step while there is more; false when the run has to end. */
async function whileMore(budget: Budget, step: () => Promise<RetentionStep>): Promise<boolean> {
  while (budget.steps > 0) {
    budget.steps -= 1;
    const outcome = await step();
    if (outcome !== "more") return outcome === "done";
  }
  return false;
}

/** False: there is more to do, or somebody else does it. */
async function purge(store: RetentionStore, fencing: number, now: number): Promise<boolean> {
  const budget = { steps: STEPS_PER_RUN };
  const daysAgo = (days: number) => new Date(now - days * DAY_MS).toISOString();
  if (!(await whileMore(budget, () => store.purgeRuns(fencing, daysAgo(RUNS_DAYS))))) return false;
  const accessTokens = () => store.purgeAccessTokens(fencing, daysAgo(ACCESS_TOKENS_DAYS));
  if (!(await whileMore(budget, accessTokens))) return false;
  let last = 0;
  for (;;) {
    const tenants = await store.tenantsAfter(last, TENANTS_AT_ONCE, now);
    const rest = () => store.purgeRest(fencing, tenants, daysAgo(TRAFFIC_DAYS));
    if (!(await whileMore(budget, rest))) return false;
    for (const tenant of tenants.filter(({ isDue }) => isDue)) {
      const journal = () => store.purgeJournal(fencing, tenant);
      if (!(await whileMore(budget, journal))) return false;
    }
    last = tenants.at(-1)?.tenantKey ?? last;
    if (tenants.length < TENANTS_AT_ONCE) return true;
  }
}

/**
 * Deletes what is older than tenants want it kept (setting `logRetentionDays`). A run that is killed, or comes to
 * its limit, is gone on with by the next one, which finds only what is left; after a run that came through, nobody
 * looks again for some hours.
 */
export function purgeOldRows(deps: PurgeOldRowsDeps): Promise<void> {
  return eachDatabase(deps.stores, deps, async (store, fencing) => {
    const now = deps.clock.now();
    return (await purge(store, fencing, now)) ? { restUntil: now + REST_MS } : undefined;
  });
}
