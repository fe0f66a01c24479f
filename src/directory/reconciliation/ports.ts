import type { Change } from "../../journal/change.ts";
import type { AskedBy } from "../../tenancy/credentials/credential-entry.ts";
import type { JobLease } from "../../tenancy/job-lease.ts";
import type { LiveTenant } from "../../tenancy/tenant.ts";
import type { Page, PageRequest } from "../../tenancy/ports.ts";
import type { Settings } from "../../tenancy/settings.ts";
import type { NewAlert } from "../alerts/alert.ts";
import type { DepartmentDraft } from "../ports.ts";

export type RunTrigger = "cron" | "admin";

/** A run of the reconciliation in one database, while it is not finished. */
export interface OpenRun {
  /** Rises with every run: a department marked in one run is retired in a later one at the earliest. */
  readonly run: number;
  /** The tenants up to this one are done. A run that was killed goes on behind it. */
  readonly cursor: number;
  /** The one tenant that the run is for; null: all. */
  readonly tenantKey: number | null;
}

/** What a run did, in all databases together. */
export interface RunReport {
  readonly id: string;
  readonly trigger: RunTrigger;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly tenants: number;
  readonly marked: number;
  readonly unmarked: number;
  readonly retired: number;
  readonly repaired: number;
  /** Slugs of the tenants of which too many departments would have gone at once. */
  readonly brakes: readonly string[];
}

/** A tenant at one epoch: what is decided by its settings is written only while it is still there. */
export interface ReconciledTenant {
  readonly tenantKey: number;
  readonly epoch: number;
  readonly settings: Settings;
}

export interface GroupLink {
  readonly id: string;
  readonly displayName: string;
  readonly isLinked: boolean;
}

/** Somebody whose link leads to a department that is not there. */
export interface LostPerson {
  readonly id: string;
  /** As the document has it. */
  readonly department: string | null;
}

/** What is not as it should be with one tenant, the first of each kind; all of it empty for most tenants. */
export interface Findings {
  readonly groups: readonly GroupLink[];
  readonly people: readonly LostPerson[];
  readonly departments: readonly DepartmentFinding[];
  /** Departments that a later run marked long enough ago, and how many there are in all that are not retired. */
  readonly due: number;
  readonly live: number;
}

export interface DepartmentFinding {
  readonly id: string;
  /** `revive`: it is retired and something refers to it. */
  readonly action: "mark" | "unmark" | "revive";
}

export interface ReconciliationDates {
  readonly now: string;
  /** Departments marked after this moment are still within their grace. */
  readonly markedBefore: string;
}

/** Under what every write of a run stands. */
export interface RunStep {
  readonly fencing: number;
  readonly run: OpenRun;
  readonly tenant: ReconciledTenant;
  readonly dates: ReconciliationDates;
}

/** `lease-lost`, `tenant-changed`: nothing was written. */
export type StepOutcome = "done" | "lease-lost" | "tenant-changed";

/** Where a page of findings of one kind begins: behind this id. */
export type FindingsAfter = Readonly<Record<"groups" | "departments", string>>;

/**
 * Finds and repairs what is not as it should be with the departments of one database. A job's port and nobody
 * else's: it is the only one that walks over tenants. A finding is looked at again inside the statement that acts
 * on it, so that a request which comes in between wins. Every write counts what it did in the run's row in the same
 * transaction, and carries the lease's fencing number.
 */
export interface ReconciliationStore {
  readonly lease: JobLease;
  /**
   * A run that was not finished, else a new one; a run by hand is always a new one, and one for a single tenant comes
   * with the row in that tenant's journal. Undefined: the lease is lost.
   */
  openRun(
    fencing: number,
    run: { id: string; trigger: RunTrigger; startedAt: string; tenantKey: number | null },
    entry?: Change,
  ): Promise<OpenRun | undefined>;
  /** In the order of their keys. Those without departments and groups, and those on their way, are passed over. */
  tenantsAfter(cursor: number, limit: number): Promise<readonly ReconciledTenant[]>;
  /** Undefined: it is gone, or on its way. */
  tenant(tenantKey: number): Promise<ReconciledTenant | undefined>;
  /** One round trip. Sources that are switched off are left alone. */
  find(
    tenant: ReconciledTenant,
    run: OpenRun,
    dates: ReconciliationDates,
    after: FindingsAfter,
  ): Promise<Findings>;
  /** Links groups to the departments of their names, and unlinks those that feed none. */
  linkGroups(
    step: RunStep,
    links: readonly { readonly group: GroupLink; readonly department: DepartmentDraft | null }[],
  ): Promise<StepOutcome>;
  /** Moves people to the departments that their documents name. */
  linkPeople(
    step: RunStep,
    links: readonly { readonly person: LostPerson; readonly department: DepartmentDraft | null }[],
  ): Promise<StepOutcome>;
  markDepartments(step: RunStep, findings: readonly DepartmentFinding[]): Promise<StepOutcome>;
  /** At most `limit` of those that are due, each with a row in the journal. */
  retireDepartments(step: RunStep, limit: number): Promise<StepOutcome>;
  /** With an alert, unless one is open. */
  noteBrake(step: RunStep, alert: NewAlert & { readonly id: string }): Promise<StepOutcome>;
  /** Moves the cursor over tenants that are done. */
  passTenants(
    fencing: number,
    run: OpenRun,
    upTo: number,
    count: number,
  ): Promise<"done" | "lease-lost">;
  finishRun(fencing: number, run: OpenRun, finishedAt: string): Promise<void>;
}

/** What the runs of all databases did. A run has one id in all of them. */
export interface RunHistory {
  /** Newest first. */
  list(page: PageRequest): Promise<Page<RunReport>>;
  byId(id: string): Promise<RunReport | undefined>;
}

/** The reconciliation as an administrator uses it. */
export interface Reconciliations extends RunHistory {
  /** Runs it now, in all databases or for one tenant: the run's id. `busy`: another one is at work and did not end soon. */
  run(
    tenant: LiveTenant | undefined,
    by: AskedBy,
  ): Promise<{ readonly kind: "ran" | "busy"; readonly id: string }>;
}
