import { decideGroupLinks, decidePeopleLinks } from "../directory/reconciliation/decide-links.ts";
import { mostToRetire } from "../directory/reconciliation/most-to-retire.ts";
import type {
  Findings,
  FindingsAfter,
  OpenRun,
  ReconciledTenant,
  ReconciliationDates,
  ReconciliationStore,
  RunStep,
  StepOutcome,
} from "../directory/reconciliation/ports.ts";
import type { Ids } from "../tenancy/clock.ts";

const START: FindingsAfter = { groups: "", departments: "" };
/** A tenant whose settings change with every step is left to the next run. */
const ATTEMPTS = 3;

const isIdle = ({ groups, people, departments, due }: Findings): boolean =>
  groups.length === 0 && people.length === 0 && departments.length === 0 && due === 0;

const lastId = (found: readonly { readonly id: string }[], before: string): string =>
  found.reduce((last, { id }) => (id > last ? id : last), before);

interface Work {
  readonly store: ReconciliationStore;
  readonly ids: Ids;
  /** Counts a query; false: this invocation may make no more of them. */
  spend(queries: number): boolean;
}

/** D1 counts each statement of a batch. */
const FIND_QUERIES = 4;
const WRITE_QUERIES = 8;

type Result = "done" | "lease-lost" | "tenant-changed" | "spent";

/** All retire, or none does: a department that goes by mistake takes a part of the product with it. */
async function retire(
  step: RunStep,
  { due, live }: Findings,
  { store, ids }: Work,
): Promise<StepOutcome> {
  const most = mostToRetire(live);
  if (due <= most) return store.retireDepartments(step, most);
  return store.noteBrake(step, {
    id: ids.next(),
    kind: "reconcile-brake",
    subject: "",
    detail: `${due} of ${live} departments would be retired at once, because no group and no person refers to them any more. None was: check that the identity provider still sends groups and departments. Those that shall go can be merged into others; those that shall stay can be kept.`,
  });
}

/** Repairs come first, since they decide what is orphaned; what the next page finds then is as they left it. */
async function reconcileAt(
  tenant: ReconciledTenant,
  run: OpenRun,
  fencing: number,
  dates: ReconciliationDates,
  work: Work,
): Promise<Result> {
  const { store, ids } = work;
  const step: RunStep = { fencing, run, tenant, dates };
  let after = START;
  for (;;) {
    if (!work.spend(FIND_QUERIES)) return "spent";
    const found = await store.find(tenant, run, dates, after);
    if (isIdle(found)) return "done";
    if (!work.spend(WRITE_QUERIES)) return "spent";
    const { groups, people, departments } = found;
    let outcome: StepOutcome;
    if (groups.length > 0) {
      const links = decideGroupLinks(groups, tenant.settings, () => ids.next());
      outcome = links.length > 0 ? await store.linkGroups(step, links) : "done";
      after = { ...after, groups: lastId(groups, after.groups) };
    } else if (people.length > 0) {
      outcome = await store.linkPeople(
        step,
        decidePeopleLinks(people, () => ids.next()),
      );
    } else if (departments.length > 0) {
      outcome = await store.markDepartments(step, departments);
      after = { ...after, departments: lastId(departments, after.departments) };
    } else {
      return retire(step, found, work);
    }
    if (outcome !== "done") return outcome;
  }
}

/**
 * One tenant, from what is found to what is done. May be killed between any two statements: what is done stays done
 * and is not found again. `tenant-changed`: gone, on its way to another database, or never at rest.
 */
export async function reconcileTenant(
  tenant: ReconciledTenant,
  run: OpenRun,
  fencing: number,
  dates: ReconciliationDates,
  work: Work,
): Promise<Result> {
  let current: ReconciledTenant | undefined = tenant;
  for (let attempt = 1; current && attempt <= ATTEMPTS; attempt++) {
    const result = await reconcileAt(current, run, fencing, dates, work);
    if (result !== "tenant-changed") return result;
    if (!work.spend(1)) return "spent";
    current = await work.store.tenant(tenant.tenantKey);
  }
  return "tenant-changed";
}
