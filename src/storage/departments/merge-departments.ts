import { sql } from "drizzle-orm";

import type { DepartmentSettings } from "../../directory/departments/effective-departments.ts";
import type { DepartmentStore } from "../../directory/departments/ports.ts";
import type { Change } from "../../journal/change.ts";
import { insertChange, selectChangeOf } from "../journal/change-statement.ts";
import { departmentMembers, departments, groups, users } from "../tables.ts";
import type { TenantDatabase } from "../d1/tenant-database.ts";
import { endAttributes, endByHand, endGroupsOf } from "./assignment-statements.ts";
import { guardThat, isThere } from "./department-guards.ts";
import { selectDepartment, shownLast } from "./department-rows.ts";

/**
 * All links of one department lead to the other. What was joined and assigned by hand keeps its date, so that a
 * merge changes nobody's order of departments. The row stays, retired, for the names in people's history.
 */
export async function mergeDepartments(
  database: TenantDatabase,
  id: string,
  into: string,
  change: Change,
  settings: DepartmentSettings,
): ReturnType<DepartmentStore["merge"]> {
  const { key } = database;
  const { at } = change;
  const ofMerged = sql`tenant_key = ${key} AND department_id = ${id}`;
  const result = await database.write(
    [
      guardThat(isThere(key, id)),
      guardThat(isThere(key, into)),
      endGroupsOf(key, id, at),
      endAttributes(key, id, at),
      endByHand(key, id, at),
      sql`UPDATE ${groups} INDEXED BY groups_department
        SET department_id = ${into}, version = version + 1 WHERE ${ofMerged}`,
      sql`UPDATE ${users} INDEXED BY users_department SET department_id = ${into}, department_since = ${at},
          version = version + 1
        WHERE ${ofMerged}`,
      sql`INSERT INTO ${departmentMembers} (tenant_key, department_id, user_id, added_at)
        SELECT tenant_key, ${into}, user_id, added_at FROM ${departmentMembers} WHERE ${ofMerged}
        ON CONFLICT DO NOTHING`,
      sql`DELETE FROM ${departmentMembers} WHERE ${ofMerged}`,
      sql`UPDATE ${departments} SET retired_at = ${at}, orphaned_at = NULL, orphaned_run = NULL
        WHERE tenant_key = ${key} AND id = ${id}`,
      // Without a mark: if nothing leads to it now either, the next run of the reconciliation marks it anew.
      sql`UPDATE ${departments} SET orphaned_at = NULL, orphaned_run = NULL
        WHERE tenant_key = ${key} AND id = ${into} AND orphaned_at IS NOT NULL`,
      insertChange(key, change),
      selectDepartment(key, into, settings),
    ],
    selectChangeOf(key, change),
  );
  return result.kind === "written"
    ? { kind: "merged", department: shownLast(result.results) }
    : { kind: "stale" };
}
