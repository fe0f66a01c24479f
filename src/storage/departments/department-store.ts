import { sql } from "drizzle-orm";

import {
  effectiveDepartments,
  type DepartmentSettings,
} from "../../directory/departments/effective-departments.ts";
import type {
  Assignment,
  DepartmentRecord,
  DepartmentStore,
} from "../../directory/departments/ports.ts";
import type { PersonsDepartment } from "../../directory/departments/persons-department.ts";
import type { Page } from "../../tenancy/ports.ts";
import type { LiveTenant } from "../../tenancy/tenant.ts";
import { idChunks } from "../d1/id-chunks.ts";
import { rowsOf } from "../d1/prepare.ts";
import { pageStartingWith } from "../filter/starting-with.ts";
import { departments } from "../tables.ts";
import { tenantDatabase } from "../d1/tenant-database.ts";
import { assignByHand } from "./assign-by-hand.ts";
import { linkOf, selectLinks, type LinkRow } from "./department-links.ts";
import {
  departmentColumns,
  departmentRecord,
  isShown,
  selectDepartment,
  type DepartmentRow,
} from "./department-rows.ts";
import {
  createDepartment,
  keepDepartment,
  removeDepartment,
  renameByHand,
} from "./manage-departments.ts";
import { membersPage } from "./members-page.ts";
import { mergeDepartments } from "./merge-departments.ts";
import { assignmentsOf, selectEnded, type EndedRow } from "./person-history.ts";

/** The departments of one tenant in its D1 database. See `DepartmentStore` for what it promises. */
export function departmentStore(
  d1: D1Database,
  tenant: LiveTenant,
  settings: DepartmentSettings,
): DepartmentStore {
  const database = tenantDatabase(d1, tenant);
  const { key } = database;
  const columns = departmentColumns(key, settings);
  const shown = sql`department.tenant_key = ${key} AND ${isShown(key, settings)}`;

  async function list({
    limit,
    cursor,
    orphaned,
    q,
  }: Parameters<DepartmentStore["list"]>[0]): Promise<Page<DepartmentRecord>> {
    const marked =
      orphaned === undefined
        ? sql``
        : sql` AND department.orphaned_at ${orphaned ? sql`IS NOT NULL` : sql`IS NULL`}`;
    // The page first, so that nobody is counted of departments that are not on it.
    const page = sql`SELECT * FROM ${departments} AS department INDEXED BY departments_name
      WHERE ${shown}${marked} AND ${pageStartingWith(sql`department.name_key`, q, cursor)}
      ORDER BY department.name_key LIMIT ${limit + 1}`;
    const [found] = await database.read([
      sql`SELECT ${columns} FROM (${page}) AS department ORDER BY department.name_key`,
    ]);
    const rows = rowsOf<DepartmentRow>(found);
    const items = rows.slice(0, limit).map(departmentRecord);
    return { items, nextCursor: rows.length > limit ? items.at(-1)?.nameKey : undefined };
  }

  async function byId(id: string): Promise<DepartmentRecord | undefined> {
    const [found] = await database.read([selectDepartment(key, id, settings)]);
    const [row] = rowsOf<DepartmentRow>(found);
    return row && departmentRecord(row);
  }

  async function departmentsOf(
    userIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly PersonsDepartment[]>> {
    if (userIds.length === 0) return new Map();
    const results = await database.read(
      idChunks(userIds).map((ids) => selectLinks(key, sql`json_each(${ids})`, settings)),
    );
    const rows = results.flatMap((result) => rowsOf<LinkRow>(result));
    return new Map(
      [...Map.groupBy(rows, (row) => row.user_id)]
        .map(([id, links]) => [id, effectiveDepartments(links.map(linkOf), settings)] as const)
        .filter(([, found]) => found.length > 0),
    );
  }

  async function history(userId: string): Promise<readonly Assignment[]> {
    const [present, ended] = await database.read([
      selectLinks(key, sql`(SELECT ${userId} AS value)`, settings),
      selectEnded(key, userId),
    ]);
    return assignmentsOf(rowsOf<LinkRow>(present), rowsOf<EndedRow>(ended));
  }

  return {
    list,
    byId,
    members: (id, page) => membersPage(database, id, page, settings),
    departmentsOf,
    history,
    create: (department, change) => createDepartment(database, department, change, settings),
    rename: (department, change) => renameByHand(database, department, change, settings),
    remove: (id, change) => removeDepartment(database, id, change, settings),
    merge: (id, into, change) => mergeDepartments(database, id, into, change, settings),
    keep: (id, change) => keepDepartment(database, id, change, settings),
    assign: (id, people, changes) => assignByHand(database, id, people, changes),
  };
}
