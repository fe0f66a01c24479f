import { decideAlerts } from "../directory/alerts/decide-alerts.ts";
import type { WatchStore } from "../directory/alerts/watch.ts";
import type { Clock, Ids } from "../tenancy/clock.ts";
import { eachDatabase } from "./each-database.ts";

const TENANTS_PER_PAGE = 250;
/** Three queries a page, of the 1,000 that D1 allows to an invocation and all its jobs: 10,000 tenants a run. */
const PAGES_PER_RUN = 40;

export interface WatchTenantsDeps {
  /** One for each database. */
  readonly stores: readonly WatchStore[];
  readonly clock: Clock;
  readonly ids: Ids;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
}

async function walk(store: WatchStore, fencing: number, deps: WatchTenantsDeps): Promise<void> {
  const { clock, ids, random } = deps;
  const now = clock.now();
  const at = new Date(now).toISOString();
  const last = await store.lastTenant();
  // Anywhere, so that runs that end early do not leave out the same tenants each time.
  const start = Math.floor(random() * (last + 1));
  let cursor = start;
  let isRound = false;
  for (let page = 0; page < PAGES_PER_RUN; page++) {
    const tenants = await store.tenantsAfter(cursor, TENANTS_PER_PAGE, at);
    const decisions = tenants
      .map(({ tenantKey, facts }) => ({ tenantKey, decision: decideAlerts(facts, now) }))
      .filter(({ decision }) => decision.raise.length + decision.resolve.length > 0);
    if (decisions.length > 0) {
      const applied = await store.apply(fencing, decisions, () => ids.next(), at);
      if (applied === "lease-lost") return;
    }
    cursor = tenants.at(-1)?.tenantKey ?? last;
    if (isRound && cursor >= start) return;
    if (tenants.length < TENANTS_PER_PAGE) {
      if (isRound || start === 0) return;
      isRound = true;
      cursor = 0;
    }
  }
}

/**
 * Raises the alerts `errors`, `silence` and `expiring-token` of every active tenant, and resolves what is over.
 * May run twice, overlap itself, or be killed anywhere: an alert that is open is not raised again.
 */
export function watchTenants(deps: WatchTenantsDeps): Promise<void> {
  return eachDatabase(deps.stores, deps, async (store, fencing) => {
    await walk(store, fencing, deps);
    await store.forgetOldDeactivations(fencing);
    return undefined;
  });
}
