import { sql } from "drizzle-orm";

import type { NewAlert } from "../../directory/alerts/alert.ts";
import type { DepartmentFinding, RunStep } from "../../directory/reconciliation/ports.ts";
import { reconciliations } from "../job-tables.ts";
import type { JobDatabase } from "../jobs/job-database.ts";
import { raiseAlertWhere } from "../notices/alert-statements.ts";
import { changes, departments } from "../tables.ts";
import { isDue } from "./find-statements.ts";
import { isOrphan, isReferredNow } from "./references.ts";
import { countChanges, writeStep } from "./run-statements.ts";

/** Each finding is looked at again by the statement that acts on it. */
export function markDepartments(
  database: JobDatabase,
  step: RunStep,
  findings: readonly DepartmentFinding[],
) {
  const { run, tenant, dates } = step;
  const { tenantKey, settings } = tenant;
  const those = (action: DepartmentFinding["action"]) => {
    const ids = findings.filter((finding) => finding.action === action).map(({ id }) => id);
    return sql`tenant_key = ${tenantKey} AND id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  };
  return writeStep(database, step, [
    sql`UPDATE ${departments} SET retired_at = NULL, orphaned_at = NULL, orphaned_run = NULL
      WHERE ${those("revive")} AND retired_at IS NOT NULL AND ${isReferredNow(tenantKey, settings)}`,
    countChanges(run, "repaired"),
    sql`UPDATE ${departments} SET orphaned_at = NULL, orphaned_run = NULL
      WHERE ${those("unmark")} AND orphaned_at IS NOT NULL AND retired_at IS NULL
        AND (origin = 'manual' OR ${isReferredNow(tenantKey, settings)})`,
    countChanges(run, "unmarked"),
    sql`UPDATE ${departments} SET orphaned_at = ${dates.now}, orphaned_run = ${run.run}
      WHERE ${those("mark")} AND orphaned_at IS NULL AND ${isOrphan(tenantKey, settings)}`,
    countChanges(run, "marked"),
  ]);
}

/** The rows of the journal come first, each for a department that the next statement retires. */
export function retireDepartments(database: JobDatabase, step: RunStep, limit: number) {
  const { run, tenant, dates } = step;
  const { tenantKey } = tenant;
  const due = sql`SELECT id, name FROM ${departments}
    WHERE tenant_key = ${tenantKey} AND ${isDue(tenant, run, dates)} ORDER BY id LIMIT ${limit}`;
  const lastSeq = sql`coalesce((SELECT max(seq) FROM ${changes} WHERE tenant_key = ${tenantKey}), 0)`;
  return writeStep(database, step, [
    sql`INSERT INTO ${changes} (tenant_key, seq, at, request_id, actor_kind, actor_id, actor_hint, operation,
        resource_type, resource_id, outcome, status, diff)
      SELECT ${tenantKey}, ${lastSeq} + row_number() OVER (ORDER BY id), ${dates.now},
        ${`reconciliation-${run.run}`}, 'job', 'reconcile-departments', 'reconciliation', 'retire', 'Department',
        id, 'applied', 200, json_array(json_object('attribute', 'name', 'before', name))
      FROM (${due})`,
    sql`UPDATE ${departments} SET retired_at = ${dates.now}
      WHERE tenant_key = ${tenantKey} AND id IN (SELECT id FROM (${due}))`,
    countChanges(run, "retired"),
  ]);
}

export function noteBrake(
  database: JobDatabase,
  step: RunStep,
  alert: NewAlert & { readonly id: string },
) {
  const { tenantKey } = step.tenant;
  return writeStep(database, step, [
    sql`UPDATE ${reconciliations} SET brakes = json_insert(brakes, '$[#]', ${tenantKey})
      WHERE run = ${step.run.run} AND NOT EXISTS (
        SELECT 1 FROM json_each(brakes) WHERE value = ${tenantKey})`,
    raiseAlertWhere(tenantKey, { ...alert, raisedAt: step.dates.now }),
  ]);
}
