import { sql, type SQL } from "drizzle-orm";

import type { DepartmentDraft } from "../../directory/ports.ts";
import type {
  ReconciliationStore,
  RunStep,
  StepOutcome,
} from "../../directory/reconciliation/ports.ts";
import { ensureDepartments } from "../departments/department-statements.ts";
import { endGroups } from "../departments/assignment-statements.ts";
import { attributeKey, trimmed } from "../departments/attribute-name.ts";
import type { JobDatabase } from "../jobs/job-database.ts";
import { departments, groups, users } from "../tables.ts";
import { countChanges, writeStep } from "./run-statements.ts";

type LinkGroups = Parameters<ReconciliationStore["linkGroups"]>[1];
type LinkPeople = Parameters<ReconciliationStore["linkPeople"]>[1];

/** One draft for each name, the first: several may be in need of it. */
const draftsOf = (links: readonly { department: DepartmentDraft | null }[]): string => {
  const drafts = new Map<string, DepartmentDraft>();
  for (const { department } of links) {
    if (department && !drafts.has(department.nameKey)) drafts.set(department.nameKey, department);
  }
  return JSON.stringify([...drafts.values()]);
};

const isGone = (tenantKey: number, table: typeof groups | typeof users): SQL => sql`NOT EXISTS (
  SELECT 1 FROM ${departments} AS present
  WHERE present.tenant_key = ${tenantKey} AND present.id = ${table}.department_id)`;

/** The department of a name, which is an expression over the row that is to be linked to it. */
const departmentNamed = (tenantKey: number, nameKey: SQL): SQL => sql`(SELECT id FROM ${departments}
  WHERE tenant_key = ${tenantKey} AND name_key = ${nameKey})`;

/** Rows by their ids. Named one by one: over a join, the planner would walk every row of the tenant for each id. */
const those = (tenantKey: number, ids: readonly string[]): SQL =>
  sql`tenant_key = ${tenantKey} AND id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;

/** A group that was renamed meanwhile has seen to its link itself. Versions rise, or a rename under way would undo it. */
export function linkGroups(
  database: JobDatabase,
  step: RunStep,
  links: LinkGroups,
): Promise<StepOutcome> {
  const { tenantKey } = step.tenant;
  const nameKey = trimmed(sql`${groups}.display_name_key`);
  const fed = links.filter(({ department }) => department !== null);
  const unfed = links.filter(({ department }) => department === null).map(({ group }) => group);
  return writeStep(database, step, [
    ensureDepartments(tenantKey, draftsOf(fed), step.dates.now),
    sql`UPDATE ${groups} INDEXED BY groups_id
      SET department_id = ${departmentNamed(tenantKey, nameKey)}, version = version + 1
      WHERE ${those(
        tenantKey,
        fed.map(({ group }) => group.id),
      )} AND (department_id IS NULL OR ${isGone(tenantKey, groups)})
        AND ${departmentNamed(tenantKey, nameKey)} IS NOT NULL`,
    countChanges(step.run, "repaired"),
    endGroups(tenantKey, JSON.stringify(unfed), step.dates.now),
    sql`UPDATE ${groups} INDEXED BY groups_id SET department_id = NULL, version = version + 1
      WHERE ${those(
        tenantKey,
        unfed.map(({ id }) => id),
      )} AND department_id IS NOT NULL
        AND display_name IN (SELECT value ->> 'displayName' FROM json_each(${JSON.stringify(unfed)}))`,
    countChanges(step.run, "repaired"),
  ]);
}

/** Versions rise as those of groups do. */
export function linkPeople(
  database: JobDatabase,
  step: RunStep,
  links: LinkPeople,
): Promise<StepOutcome> {
  const { tenantKey } = step.tenant;
  const ids = links.map(({ person }) => person.id);
  const found = departmentNamed(tenantKey, attributeKey);
  return writeStep(database, step, [
    ensureDepartments(tenantKey, draftsOf(links), step.dates.now),
    sql`UPDATE ${users} INDEXED BY users_id SET department_id = ${found},
        department_since = CASE WHEN ${found} IS NULL THEN NULL ELSE department_since END,
        version = version + 1
      WHERE ${those(tenantKey, ids)} AND department_id IS NOT NULL AND ${isGone(tenantKey, users)}`,
    countChanges(step.run, "repaired"),
  ]);
}
