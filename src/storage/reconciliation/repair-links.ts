import { sql } from "drizzle-orm";

import type { DepartmentDraft } from "../../directory/ports.ts";
import type { ReconciliationStore, RunStep } from "../../directory/reconciliation/ports.ts";
import { ensureDepartments } from "../department-statements.ts";
import { endGroups } from "../departments/assignment-statements.ts";
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

const departmentNamed = (tenantKey: number) => sql`(SELECT id FROM ${departments}
  WHERE tenant_key = ${tenantKey} AND name_key = named.value ->> 'nameKey')`;

const isGone = (tenantKey: number, table: typeof groups | typeof users) => sql`NOT EXISTS (
  SELECT 1 FROM ${departments} AS present
  WHERE present.tenant_key = ${tenantKey} AND present.id = ${table}.department_id)`;

/** A group that was renamed meanwhile has seen to its link itself. Versions rise, or a rename under way would undo it. */
export function linkGroups(database: JobDatabase, step: RunStep, links: LinkGroups) {
  const { tenantKey } = step.tenant;
  const named = (which: LinkGroups) =>
    JSON.stringify(
      which.map(({ group, department }) => ({
        id: group.id,
        displayName: group.displayName,
        nameKey: department?.nameKey,
      })),
    );
  const fed = links.filter(({ department }) => department !== null);
  const unfed = named(links.filter(({ department }) => department === null));
  const isNamed = sql`${groups}.tenant_key = ${tenantKey} AND ${groups}.id = named.value ->> 'id'
    AND ${groups}.display_name = named.value ->> 'displayName'`;
  return writeStep(database, step, [
    ensureDepartments(tenantKey, draftsOf(fed), step.dates.now),
    sql`UPDATE ${groups} SET department_id = ${departmentNamed(tenantKey)}, version = version + 1
      FROM json_each(${named(fed)}) AS named
      WHERE ${isNamed} AND (department_id IS NULL OR ${isGone(tenantKey, groups)})`,
    countChanges(step.run, "repaired"),
    endGroups(tenantKey, unfed, step.dates.now),
    sql`UPDATE ${groups} SET department_id = NULL, version = version + 1
      FROM json_each(${unfed}) AS named WHERE ${isNamed} AND department_id IS NOT NULL`,
    countChanges(step.run, "repaired"),
  ]);
}

/** Versions rise as those of groups do. */
export function linkPeople(database: JobDatabase, step: RunStep, links: LinkPeople) {
  const { tenantKey } = step.tenant;
  const named = JSON.stringify(
    links.map(({ person, department }) => ({ id: person.id, nameKey: department?.nameKey })),
  );
  return writeStep(database, step, [
    ensureDepartments(tenantKey, draftsOf(links), step.dates.now),
    sql`UPDATE ${users} SET department_id = ${departmentNamed(tenantKey)}, version = version + 1,
        department_since = CASE WHEN named.value ->> 'nameKey' IS NULL THEN NULL ELSE department_since END
      FROM json_each(${named}) AS named
      WHERE ${users}.tenant_key = ${tenantKey} AND ${users}.id = named.value ->> 'id'
        AND department_id IS NOT NULL AND ${isGone(tenantKey, users)}`,
    countChanges(step.run, "repaired"),
  ]);
}
