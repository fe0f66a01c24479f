import { sql, type SQL } from "drizzle-orm";

import type { OpenRun, RunStep, StepOutcome } from "../../directory/reconciliation/ports.ts";
import { reconciliations } from "../job-tables.ts";
import type { JobDatabase, JobWrite } from "../jobs/job-database.ts";
import { guards, tenantStates } from "../tables.ts";

/** Adds to a count of the run what the statement directly before it changed. */
export const countChanges = (
  { run }: OpenRun,
  count: "marked" | "unmarked" | "retired" | "repaired",
): SQL =>
  sql`UPDATE ${reconciliations} SET ${sql.identifier(count)} = ${sql.identifier(count)} + changes()
    WHERE run = ${run} AND changes() > 0`;

/** The tenant is where it was and as it was: what was decided by its settings still holds. */
const requireTenant = ({ tenant: { tenantKey, epoch } }: RunStep): SQL =>
  sql`INSERT INTO ${guards} (fence) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM ${tenantStates}
    WHERE tenant_key = ${tenantKey} AND epoch = ${epoch} AND moving_to IS NULL)`;

const outcomeOf = (write: JobWrite): StepOutcome => {
  if (write.kind === "written") return "done";
  return write.name === "lease_is_held" ? "lease-lost" : "tenant-changed";
};

/** One transaction of a run, for one tenant. */
export const writeStep = async (
  database: JobDatabase,
  step: RunStep,
  statements: readonly SQL[],
): Promise<StepOutcome> =>
  outcomeOf(await database.write(step.fencing, [requireTenant(step), ...statements]));
