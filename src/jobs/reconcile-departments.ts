import type {
  OpenRun,
  ReconciledTenant,
  ReconciliationDates,
  ReconciliationStore,
  RunTrigger,
} from "../directory/reconciliation/ports.ts";
import type { Change } from "../journal/change.ts";
import type { Clock, Ids } from "../tenancy/clock.ts";
import { reconcileTenant } from "./reconcile-tenant.ts";

const HOUR_MS = 3_600_000;
const LEASE_MS = 10 * 60_000;
/** D1 allows 1,000 queries to one invocation of a Worker, and other jobs run in it too. A run may take several. */
const QUERIES_PER_INVOCATION = 600;
const TENANTS_PER_PAGE = 100;
const BUSY_PAUSE_MS = 250;

export interface ReconcileDeps {
  /** One for each database. */
  readonly stores: readonly ReconciliationStore[];
  readonly graceHours: number;
  readonly trigger: RunTrigger;
  /** For one tenant alone, with the store of its database. */
  readonly tenantKey?: number;
  /** The row in that tenant's journal, of the run of this id. */
  readonly entryOf?: (runId: string) => Change;
  /** How long to wait for the end of another run. */
  readonly patienceMs?: number;
  readonly clock: Clock;
  readonly ids: Ids;
  pause?(milliseconds: number): Promise<void>;
}

interface Held {
  readonly store: ReconciliationStore;
  readonly holder: string;
  readonly fencing: number;
}

const iso = (time: number) => new Date(time).toISOString();

/** A lease that stays ends by itself; what was done is done. */
const release = ({ store, holder }: Omit<Held, "fencing">): Promise<void> =>
  store.lease.release(holder).catch(() => undefined);

async function acquire(store: ReconciliationStore, deps: ReconcileDeps): Promise<Held | undefined> {
  const { clock, ids, patienceMs = 0 } = deps;
  const holder = ids.next();
  const until = clock.now() + patienceMs;
  for (;;) {
    const now = clock.now();
    const fencing = await store.lease
      .acquire(holder, iso(now), iso(now + LEASE_MS))
      .catch(async (error: unknown) => {
        // It may be ours, and its answer was lost.
        await release({ store, holder });
        throw error;
      });
    if (fencing !== undefined) return { store, holder, fencing };
    if (now >= until || !deps.pause) return undefined;
    await deps.pause(BUSY_PAUSE_MS);
  }
}

async function tenantsOf(run: OpenRun, cursor: number, store: ReconciliationStore) {
  if (run.tenantKey === null) return store.tenantsAfter(cursor, TENANTS_PER_PAGE);
  const tenant = cursor < run.tenantKey ? await store.tenant(run.tenantKey) : undefined;
  return tenant ? [tenant] : [];
}

/** Works until the run is at its end, or the invocation is. */
async function goOn(
  run: OpenRun,
  { store, fencing }: Held,
  dates: ReconciliationDates,
  spend: (queries: number) => boolean,
  deps: ReconcileDeps,
): Promise<void> {
  const work = { store, ids: deps.ids, spend };
  let { cursor } = run;
  for (;;) {
    if (!spend(1)) return;
    const tenants: readonly ReconciledTenant[] = await tenantsOf(run, cursor, store);
    const last = tenants.at(-1);
    if (!last) break;
    let passed = 0;
    let result = "done";
    for (const tenant of tenants) {
      result = await reconcileTenant(tenant, run, fencing, dates, work);
      if (result === "lease-lost" || result === "spent") break;
      passed += 1;
      cursor = tenant.tenantKey;
    }
    if (result === "lease-lost") return;
    if (passed > 0 && (await store.passTenants(fencing, run, cursor, passed)) === "lease-lost")
      return;
    if (result === "spent") return;
  }
  await store.finishRun(fencing, run, iso(deps.clock.now()));
}

async function reconcileDatabase(id: string, held: Held, deps: ReconcileDeps): Promise<void> {
  const { clock, trigger, tenantKey = null, graceHours, stores, entryOf } = deps;
  const now = clock.now();
  const dates = { now: iso(now), markedBefore: iso(now - graceHours * HOUR_MS) };
  let left = Math.floor(QUERIES_PER_INVOCATION / stores.length);
  const spend = (queries: number): boolean => {
    left -= queries;
    return left >= 0;
  };
  const { store, fencing } = held;
  try {
    const wanted = { id, trigger, startedAt: dates.now, tenantKey };
    const run = await store.openRun(fencing, wanted, entryOf?.(id));
    if (run) await goOn(run, held, dates, spend, deps);
  } finally {
    await release(held);
  }
}

/**
 * Repairs links that lead nowhere, marks departments that nothing refers to, and retires those that were marked in
 * an earlier run and for longer than the grace. A cron trigger promises nothing: this may run twice, overlap itself,
 * or be killed between any two statements, and the next run finishes what is open. One database that fails does not
 * keep the others. `busy`: a run by hand found another one at work and did nothing.
 */
export async function reconcileDepartments(
  deps: ReconcileDeps,
): Promise<{ readonly kind: "ran" | "busy"; readonly id: string }> {
  const id = deps.ids.next();
  const acquired = await Promise.allSettled(deps.stores.map((store) => acquire(store, deps)));
  const held = acquired.flatMap((result) =>
    result.status === "fulfilled" && result.value ? [result.value] : [],
  );
  const failure = (results: readonly PromiseSettledResult<unknown>[]) => {
    const failed = results.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
  };
  if (deps.trigger === "admin" && held.length < deps.stores.length) {
    await Promise.all(held.map(release));
    failure(acquired);
    return { kind: "busy", id };
  }
  const results = await Promise.allSettled(held.map((one) => reconcileDatabase(id, one, deps)));
  failure([...acquired, ...results]);
  return { kind: "ran", id };
}
