import { sql, type SQL } from "drizzle-orm";

import {
  liveSources,
  type DepartmentSettings,
} from "../../directory/departments/effective-departments.ts";
import type { DepartmentSource } from "../../directory/departments/persons-department.ts";
import type { DepartmentRecord } from "../../directory/departments/ports.ts";
import { rowsOf } from "../d1/prepare.ts";
import { departmentMembers, departments, groups, users } from "../tables.ts";
import { isIn, peopleBy } from "./department-people.ts";

export interface DepartmentRow {
  id: string;
  name: string;
  name_key: string;
  origin: DepartmentSource;
  created_at: string;
  orphaned_at: string | null;
  group_id: string | null;
  by_group: number;
  by_hand: number;
  by_attribute: number;
  member_count: number;
}

/** The columns of a `DepartmentRecord`; counts read each link of the department, and members those of its people. */
export function departmentColumns(tenantKey: number, settings: DepartmentSettings): SQL {
  const live = liveSources(settings);
  const id = sql`department.id`;
  const people = peopleBy(tenantKey, id);
  const count = (query: SQL) => sql`(SELECT count(*) FROM (${query}))`;
  const sources = [
    ...(live.group ? [people.group] : []),
    people.manual,
    ...(live.attribute ? [people.attribute] : []),
  ];
  return sql`department.id, department.name, department.name_key, department.origin, department.created_at,
    department.orphaned_at,
    ${
      live.group
        ? sql`(SELECT min(fed.id) FROM ${groups} AS fed INDEXED BY groups_department
            WHERE fed.tenant_key = ${tenantKey} AND fed.department_id = ${id})`
        : sql`NULL`
    } AS group_id,
    ${live.group ? count(people.group) : sql`0`} AS by_group,
    ${count(people.manual)} AS by_hand,
    ${live.attribute ? count(people.attribute) : sql`0`} AS by_attribute,
    (SELECT count(*) FROM (${sql.join(sources, sql` UNION `)}) AS person
      WHERE ${isIn(tenantKey, sql`person.id`, id, settings)}) AS member_count`;
}

/** Holds for departments that are shown: those that a source that is switched off made, and none other refers to, are not. */
export function isShown(tenantKey: number, settings: DepartmentSettings): SQL {
  const live = liveSources(settings);
  if (live.group && live.attribute) return sql`department.retired_at IS NULL`;
  const refers = (table: SQL) => sql`EXISTS (SELECT 1 FROM ${table} AS source
    WHERE source.tenant_key = ${tenantKey} AND source.department_id = department.id)`;
  const reasons = [
    sql`department.origin = 'manual'`,
    refers(sql`${departmentMembers}`),
    ...(live.group ? [sql`department.origin = 'group'`, refers(sql`${groups}`)] : []),
    ...(live.attribute ? [sql`department.origin = 'attribute'`, refers(sql`${users}`)] : []),
  ];
  return sql`department.retired_at IS NULL AND (${sql.join(reasons, sql` OR `)})`;
}

/** One department as the settings let it count; no row for one that is not shown. */
export const selectDepartment = (
  tenantKey: number,
  id: string,
  settings: DepartmentSettings,
): SQL =>
  sql`SELECT ${departmentColumns(tenantKey, settings)} FROM ${departments} AS department
    WHERE department.tenant_key = ${tenantKey} AND ${isShown(tenantKey, settings)} AND department.id = ${id}`;

export const departmentRecord = (row: DepartmentRow): DepartmentRecord => ({
  id: row.id,
  name: row.name,
  nameKey: row.name_key,
  origin: row.origin,
  groupId: row.group_id,
  memberCount: row.member_count,
  sources: { group: row.by_group, attribute: row.by_attribute, manual: row.by_hand },
  createdAt: row.created_at,
  orphanedAt: row.orphaned_at,
});

/** Of a transaction that ends with `selectDepartment`; undefined where its answer was lost, or none is shown. */
export function shownLast(results: readonly D1Result[]): DepartmentRecord | undefined {
  const [row] = rowsOf<DepartmentRow>(results.at(-1));
  return row && departmentRecord(row);
}
