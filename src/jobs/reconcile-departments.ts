import type { ReconciliationStore } from "../directory/reconciliation.ts";
import type { Clock, Ids } from "../tenancy/clock.ts";

const HOUR_MS = 3_600_000;
const LEASE_MS = 10 * 60_000;
const DEFAULT_GRACE_HOURS = 24;
/** A run may take several invocations: D1 allows 1,000 queries to one, and a tenant takes one batch of nine. */
const TENANTS_PER_INVOCATION = 100;

export interface ReconcileDeps {
  /** One for each database. */
  readonly stores: readonly ReconciliationStore[];
  readonly graceHours: number;
  readonly trigger: "cron" | "admin";
  readonly clock: Clock;
  readonly ids: Ids;
}

async function reconcileDatabase(store: ReconciliationStore, deps: ReconcileDeps): Promise<void> {
  const { clock, ids, trigger } = deps;
  const iso = (time: number) => new Date(time).toISOString();
  const now = clock.now();
  const graceHours = deps.graceHours >= 0 ? deps.graceHours : DEFAULT_GRACE_HOURS;
  const dates = { now: iso(now), markedBefore: iso(now - graceHours * HOUR_MS) };

  const holder = ids.next();
  const fencing = await store.acquire(holder, iso(now), iso(now + LEASE_MS));
  if (fencing === undefined) return;
  const run = await store.openRun(fencing, { id: ids.next(), trigger, startedAt: dates.now });
  if (!run) return;
  const tenants = await store.tenantsAfter(run.cursor, TENANTS_PER_INVOCATION);
  for (const tenantKey of tenants) {
    if ((await store.reconcile(fencing, run, tenantKey, dates)) === "lease-lost") return;
  }
  if (tenants.length < TENANTS_PER_INVOCATION) {
    await store.finishRun(fencing, run, iso(clock.now()));
  }
  await store.release(holder);
}

/**
 * Marks departments that nothing refers to, and retires those that were marked in an earlier run and for longer
 * than the grace. A cron trigger promises nothing: this may run twice, overlap itself, or be killed between any
 * two statements, and the next run finishes what is open. One database that fails does not keep the others.
 */
export async function reconcileDepartments(deps: ReconcileDeps): Promise<void> {
  const results = await Promise.allSettled(
    deps.stores.map((store) => reconcileDatabase(store, deps)),
  );
  const failure = results.find((result) => result.status === "rejected");
  if (failure) throw failure.reason;
}
