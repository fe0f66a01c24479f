import { sql, type SQL } from "drizzle-orm";

import {
  liveSources,
  type DepartmentSettings,
} from "../../directory/departments/effective-departments.ts";
import { departments, groups, guards, users } from "../tables.ts";

/** Leaves nothing of the batch written unless the condition holds; its name tells nobody but the verb. */
export const guardThat = (condition: SQL): SQL =>
  sql`INSERT INTO ${guards} (version) SELECT 0 WHERE NOT (${condition})`;

export const isThere = (tenantKey: number, id: string): SQL =>
  sql`EXISTS (SELECT 1 FROM ${departments} WHERE tenant_key = ${tenantKey} AND id = ${id} AND retired_at IS NULL)`;

/** Neither a group nor an attribute that counts refers to it. */
export function isFedByNobody(tenantKey: number, id: string, settings: DepartmentSettings): SQL {
  const live = liveSources(settings);
  const refers = (table: SQL) => sql`NOT EXISTS (SELECT 1 FROM ${table}
    WHERE tenant_key = ${tenantKey} AND department_id = ${id})`;
  const conditions = [
    ...(live.group ? [refers(sql`${groups} INDEXED BY groups_department`)] : []),
    ...(live.attribute ? [refers(sql`${users} INDEXED BY users_department`)] : []),
  ];
  return conditions.length === 0 ? sql`1` : sql.join(conditions, sql` AND `);
}
