import { sql, type SQL } from "drizzle-orm";

import type { ReconciliationDates } from "../directory/reconciliation.ts";
import { reconciliations } from "./job-tables.ts";
import { changes, departmentMembers, departments, groups, users } from "./tables.ts";

/** At most 5 % of a tenant's departments, or ten of them, go in one run: more looks like a broken sync. */
const BRAKE_PERCENT = 5;
const BRAKE_DEPARTMENTS = 10;

/**
 * The statements that reconcile one tenant, for one batch. Whether something refers to a department is asked
 * inside each statement, so that a group pushed while the job runs keeps its department.
 */
export function reconcileStatements(
  tenantKey: number,
  run: number,
  { now, markedBefore }: ReconciliationDates,
): SQL[] {
  const ofTenant = sql`tenant_key = ${tenantKey}`;
  const refers = (table: SQL) =>
    sql`EXISTS (SELECT 1 FROM ${table} AS source WHERE source.tenant_key = ${tenantKey}
      AND source.department_id = ${departments}.id)`;
  const isReferred = sql`(${refers(sql`${groups}`)} OR ${refers(sql`${users}`)}
    OR ${refers(sql`${departmentMembers}`)})`;
  const isOrphan = sql`origin <> 'manual' AND retired_at IS NULL AND NOT ${isReferred}`;
  const isDue = sql`${ofTenant} AND ${isOrphan} AND orphaned_at <= ${markedBefore} AND orphaned_run < ${run}`;
  const braked = sql`(SELECT count(*) FROM ${departments} WHERE ${isDue}) > max(${BRAKE_DEPARTMENTS},
    (SELECT count(*) FROM ${departments} WHERE ${ofTenant} AND retired_at IS NULL) * ${BRAKE_PERCENT} / 100.0)`;
  const count = (column: string) =>
    sql`UPDATE ${reconciliations} SET ${sql.identifier(column)} = ${sql.identifier(column)} + changes()
      WHERE run = ${run} AND changes() > 0`;
  const lastSeq = sql`coalesce((SELECT max(seq) FROM ${changes} WHERE ${ofTenant}), 0)`;
  return [
    sql`UPDATE ${departments} SET orphaned_at = NULL, orphaned_run = NULL
      WHERE ${ofTenant} AND orphaned_at IS NOT NULL AND retired_at IS NULL AND ${isReferred}`,
    count("unmarked"),
    sql`UPDATE ${departments} SET orphaned_at = ${now}, orphaned_run = ${run}
      WHERE ${ofTenant} AND orphaned_at IS NULL AND ${isOrphan}`,
    count("marked"),
    sql`UPDATE ${reconciliations} SET brakes = json_insert(brakes, '$[#]', ${tenantKey})
      WHERE run = ${run} AND ${braked}`,
    sql`UPDATE ${departments} SET retired_at = ${now} WHERE ${isDue} AND NOT ${braked}`,
    count("retired"),
    sql`INSERT INTO ${changes} (tenant_key, seq, at, request_id, actor_kind, actor_id, actor_hint, operation,
        resource_type, resource_id, outcome, status, diff)
      SELECT tenant_key, ${lastSeq} + row_number() OVER (ORDER BY id), ${now}, ${`reconciliation-${run}`},
        'job', 'reconcile-departments', 'cron', 'retire', 'Department', id, 'applied', 200,
        json_array(json_object('attribute', 'name', 'before', name))
      FROM ${departments} WHERE ${ofTenant} AND retired_at = ${now}`,
    sql`UPDATE ${reconciliations} SET cursor = ${tenantKey}, tenants = tenants + 1 WHERE run = ${run}`,
  ];
}
