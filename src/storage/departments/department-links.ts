import { sql, type SQL } from "drizzle-orm";

import {
  liveSources,
  type DepartmentLink,
  type DepartmentSettings,
} from "../../directory/departments/effective-departments.ts";
import type { DepartmentSource } from "../../directory/departments/persons-department.ts";
import { departmentMembers, departments, groupMembers, groups, users } from "../tables.ts";

export interface LinkRow {
  user_id: string;
  department_id: string;
  name: string;
  retired_at: string | null;
  source: DepartmentSource;
  since: string;
  group_id: string | null;
}

/**
 * What links people to departments, by the sources that count; `named` is a table of their ids in its column
 * `value`. Two rows for each link, and three for each by a group. `without`: the attribute is known already.
 */
export function selectLinks(
  tenantKey: number,
  named: SQL,
  settings: DepartmentSettings,
  without?: "attribute",
): SQL {
  const live = liveSources(settings);
  const department = sql`CROSS JOIN ${departments} AS department ON department.tenant_key = ${tenantKey}`;
  const columns = sql`named.value AS user_id, department.id AS department_id, department.name,
    department.retired_at`;
  const byGroup = sql`SELECT ${columns}, 'group' AS source, member.added_at AS since, fed.id AS group_id
    FROM ${named} AS named
    CROSS JOIN ${groupMembers} AS member INDEXED BY group_members_member
      ON member.tenant_key = ${tenantKey} AND member.member_id = named.value
    CROSS JOIN ${groups} AS fed ON fed.tenant_key = ${tenantKey} AND fed.id = member.group_id
    ${department} AND department.id = fed.department_id`;
  const byHand = sql`SELECT ${columns}, 'manual' AS source, member.added_at AS since, NULL AS group_id
    FROM ${named} AS named
    CROSS JOIN ${departmentMembers} AS member INDEXED BY department_members_user
      ON member.tenant_key = ${tenantKey} AND member.user_id = named.value
    ${department} AND department.id = member.department_id`;
  const byAttribute = sql`SELECT ${columns}, 'attribute' AS source,
      coalesce(person.department_since, person.created_at) AS since, NULL AS group_id
    FROM ${named} AS named
    CROSS JOIN ${users} AS person ON person.tenant_key = ${tenantKey} AND person.id = named.value
    ${department} AND department.id = person.department_id`;
  const sources = [
    ...(live.group ? [byGroup] : []),
    byHand,
    ...(live.attribute && without !== "attribute" ? [byAttribute] : []),
  ];
  return sql.join(sources, sql` UNION ALL `);
}

export const linkOf = (row: LinkRow): DepartmentLink => ({
  departmentId: row.department_id,
  name: row.name,
  retired: row.retired_at !== null,
  source: row.source,
  since: row.since,
  groupId: row.group_id,
});
