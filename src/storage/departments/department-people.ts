import { sql, type SQL } from "drizzle-orm";

import {
  liveSources,
  type DepartmentSettings,
} from "../../directory/departments/effective-departments.ts";
import { departmentMembers, departments, groupMembers, groups, users } from "../tables.ts";

/**
 * The one department of somebody, as `effectiveDepartments` decides with `departmentsPerUser: one`; an
 * expression, for statements that ask it of many people.
 */
function theDepartmentOf(tenantKey: number, userId: SQL, settings: DepartmentSettings): SQL {
  const live = liveSources(settings);
  const alive = (
    id: SQL,
  ) => sql`CROSS JOIN ${departments} AS alive ON alive.tenant_key = ${tenantKey}
    AND alive.id = ${id} AND alive.retired_at IS NULL`;
  const byGroup = sql`(SELECT alive.id FROM ${groupMembers} AS mine INDEXED BY group_members_member
    CROSS JOIN ${groups} AS fed ON fed.tenant_key = ${tenantKey} AND fed.id = mine.group_id
    ${alive(sql`fed.department_id`)}
    WHERE mine.tenant_key = ${tenantKey} AND mine.member_id = ${userId}
    ORDER BY mine.added_at DESC, mine.group_id DESC LIMIT 1)`;
  const byHand = sql`(SELECT alive.id FROM ${departmentMembers} AS mine INDEXED BY department_members_user
    ${alive(sql`mine.department_id`)}
    WHERE mine.tenant_key = ${tenantKey} AND mine.user_id = ${userId}
    ORDER BY mine.added_at DESC, mine.department_id DESC LIMIT 1)`;
  const byAttribute = sql`(SELECT alive.id FROM ${users} AS mine ${alive(sql`mine.department_id`)}
    WHERE mine.tenant_key = ${tenantKey} AND mine.id = ${userId})`;
  const sources = [
    ...(live.group ? [byGroup] : []),
    byHand,
    // For coalesce, which takes two at least.
    live.attribute ? byAttribute : sql`NULL`,
  ];
  return sql`coalesce(${sql.join(sources, sql`, `)})`;
}

/** Holds for people whose department it is, and not only one that something links them to. */
export const isIn = (
  tenantKey: number,
  userId: SQL,
  departmentId: SQL,
  settings: DepartmentSettings,
): SQL =>
  settings.departmentsPerUser === "many"
    ? sql`1`
    : sql`${theDepartmentOf(tenantKey, userId, settings)} = ${departmentId}`;

/** The ids of the people whom each source links to a department, in the column `id`; each once. */
export const peopleBy = (tenantKey: number, departmentId: SQL) => ({
  group: sql`SELECT DISTINCT member.member_id AS id FROM ${groups} AS fed INDEXED BY groups_department
    CROSS JOIN ${groupMembers} AS member ON member.tenant_key = ${tenantKey} AND member.group_id = fed.id
    WHERE fed.tenant_key = ${tenantKey} AND fed.department_id = ${departmentId} AND member.member_type = 'User'`,
  manual: sql`SELECT user_id AS id FROM ${departmentMembers}
    WHERE tenant_key = ${tenantKey} AND department_id = ${departmentId}`,
  attribute: sql`SELECT id FROM ${users} INDEXED BY users_department
    WHERE tenant_key = ${tenantKey} AND department_id = ${departmentId}`,
});
