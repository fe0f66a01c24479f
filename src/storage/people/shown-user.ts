import { sql, type SQL } from "drizzle-orm";

import {
  effectiveDepartments,
  type DepartmentSettings,
} from "../../directory/departments/effective-departments.ts";
import type { UserRecord } from "../../directory/ports.ts";
import { rowsOf } from "../d1/prepare.ts";
import { linkOf, selectLinks, type LinkRow } from "../departments/department-links.ts";
import { users } from "../tables.ts";
import { userColumns, userRecord, type UserRow } from "./user-rows.ts";

/** The end of a transaction that answers with a person: everything of them, as it leaves them. */
export const selectShown = (tenantKey: number, id: string, settings: DepartmentSettings): SQL[] => [
  sql`SELECT ${userColumns(true)} FROM ${users} WHERE tenant_key = ${tenantKey} AND id = ${id}`,
  selectLinks(tenantKey, sql`(SELECT ${id} AS value)`, settings),
];

/** Undefined where the answer of the transaction was lost. */
export function shownUser(
  results: readonly D1Result[],
  settings: DepartmentSettings,
): UserRecord | undefined {
  const [found, links] = results.slice(-2);
  const [row] = rowsOf<UserRow>(found);
  if (!row) return undefined;
  const departments = effectiveDepartments(rowsOf<LinkRow>(links).map(linkOf), settings);
  return { ...userRecord(row), departments };
}
