import { sql, type SQL } from "drizzle-orm";

import { liveSources } from "../../directory/departments/effective-departments.ts";
import type {
  FindingsAfter,
  OpenRun,
  ReconciledTenant,
  ReconciliationDates,
} from "../../directory/reconciliation/ports.ts";
import { foldText } from "../../scim/fold.ts";
import { attributeText, trimmed } from "../departments/attribute-name.ts";
import { departments, groups, users } from "../tables.ts";
import { isOrphan, isReferredNow } from "./references.ts";

/** So that a batch that acts on a page stays far below what D1 takes. */
const PAGE = 500;

const NOTHING = sql`SELECT 1 WHERE 0`;

const departmentIsThere = (
  tenantKey: number,
  id: SQL,
): SQL => sql`EXISTS (SELECT 1 FROM ${departments}
  AS present WHERE present.tenant_key = ${tenantKey} AND present.id = ${id})`;

/** Groups that feed no department, or one that is not there, although they should; and those that should not and do. */
export function selectGroups({ tenantKey, settings }: ReconciledTenant, after: string): SQL {
  if (!liveSources(settings).group) return NOTHING;
  const ignored = JSON.stringify(settings.ignoredGroups.map(foldText));
  return sql`SELECT id, display_name, department_id IS NOT NULL AS is_linked
    FROM ${groups} INDEXED BY groups_id WHERE tenant_key = ${tenantKey} AND id > ${after}
      AND CASE WHEN ${trimmed(sql`display_name_key`)} IN (SELECT value FROM json_each(${ignored}))
        THEN department_id IS NOT NULL
        ELSE department_id IS NULL OR NOT ${departmentIsThere(tenantKey, sql`department_id`)} END
    ORDER BY id LIMIT ${PAGE}`;
}

/**
 * People whose link leads to a department that is not there. Steps from one department to the next along the
 * index: that reads a few rows for each department and never everybody.
 */
export function selectLostPeople({ tenantKey, settings }: ReconciledTenant): SQL {
  if (!liveSources(settings).attribute) return NOTHING;
  const next = (
    beyond: SQL,
  ) => sql`SELECT min(department_id) FROM ${users} INDEXED BY users_department
    WHERE tenant_key = ${tenantKey} AND department_id > ${beyond}`;
  return sql`WITH RECURSIVE named(id) AS (
      ${next(sql`''`)} UNION ALL SELECT (${next(sql`named.id`)}) FROM named WHERE named.id IS NOT NULL
    ), missing(id) AS (
      SELECT id FROM named WHERE id IS NOT NULL AND NOT ${departmentIsThere(tenantKey, sql`named.id`)}
    )
    SELECT person.id, ${attributeText(sql`person.resource`)} AS department
    FROM missing CROSS JOIN ${users} AS person INDEXED BY users_department
    WHERE person.tenant_key = ${tenantKey} AND person.department_id = missing.id
    LIMIT ${PAGE}`;
}

/** Departments whose mark is missing or wrong, and retired ones that something refers to. */
export function selectDepartments({ tenantKey, settings }: ReconciledTenant, after: string): SQL {
  return sql`SELECT id, action FROM (
      SELECT id, CASE
        WHEN retired_at IS NOT NULL THEN
          CASE WHEN ${isReferredNow(tenantKey, settings)} THEN 'revive' END
        WHEN orphaned_at IS NOT NULL THEN
          CASE WHEN origin = 'manual' OR ${isReferredNow(tenantKey, settings)} THEN 'unmark' END
        WHEN ${isOrphan(tenantKey, settings)} THEN 'mark'
      END AS action
      FROM ${departments} WHERE tenant_key = ${tenantKey} AND id > ${after} ORDER BY id
    ) WHERE action IS NOT NULL LIMIT ${PAGE}`;
}

/** Marked by an earlier run, for longer than the grace, and still nothing refers to it. */
export const isDue = (
  { tenantKey, settings }: ReconciledTenant,
  { run }: OpenRun,
  { markedBefore }: ReconciliationDates,
): SQL =>
  sql`orphaned_at <= ${markedBefore} AND orphaned_run < ${run} AND ${isOrphan(tenantKey, settings)}`;

export const selectDue = (
  tenant: ReconciledTenant,
  run: OpenRun,
  dates: ReconciliationDates,
): SQL =>
  sql`SELECT count(*) FILTER (WHERE ${isDue(tenant, run, dates)}) AS due,
      count(*) FILTER (WHERE retired_at IS NULL) AS live
    FROM ${departments} WHERE tenant_key = ${tenant.tenantKey}`;

export const findStatements = (
  tenant: ReconciledTenant,
  run: OpenRun,
  dates: ReconciliationDates,
  after: FindingsAfter,
): SQL[] => [
  selectGroups(tenant, after.groups),
  selectLostPeople(tenant),
  selectDepartments(tenant, after.departments),
  selectDue(tenant, run, dates),
];
