import { sql, type SQL } from "drizzle-orm";

import {
  effectiveDepartments,
  liveSources,
  type DepartmentSettings,
} from "../../directory/departments/effective-departments.ts";
import type { DepartmentMember } from "../../directory/departments/ports.ts";
import type { Page, PageRequest } from "../../tenancy/ports.ts";
import { rowsOf } from "../d1/prepare.ts";
import { departmentMembers, departments, groupMembers, groups, users } from "../tables.ts";
import type { TenantDatabase } from "../d1/tenant-database.ts";
import { userColumns, userRecord, type UserRow } from "../people/user-rows.ts";
import { linkOf, selectLinks, type LinkRow } from "./department-links.ts";
import { isIn } from "./department-people.ts";

/** Merges leave a department with several groups; up to so many are walked each in its own order. */
const GROUPS_WALKED = 4;

/** The ids of a page, in order: each source is walked from the cursor on, and no further than the page is long. */
function pageOfIds(
  tenantKey: number,
  departmentId: string,
  groupIds: readonly string[],
  request: PageRequest,
  settings: DepartmentSettings,
): SQL {
  const limit = request.limit + 1;
  const after = request.cursor ?? "";
  const isMember = (id: SQL) => isIn(tenantKey, id, sql`${departmentId}`, settings);
  // Under names of their own, which no table inside the condition has.
  const inGroup = (
    which: SQL,
  ) => sql`SELECT DISTINCT link.member_id AS id FROM ${groupMembers} AS link
    WHERE link.tenant_key = ${tenantKey} AND link.group_id ${which} AND link.member_id > ${after}
      AND link.member_type = 'User' AND ${isMember(sql`link.member_id`)}
    ORDER BY link.member_id LIMIT ${limit}`;
  const live = liveSources(settings);
  const byGroup =
    groupIds.length > GROUPS_WALKED
      ? [inGroup(sql`IN (SELECT value FROM json_each(${JSON.stringify(groupIds)}))`)]
      : groupIds.map((id) => inGroup(sql`= ${id}`));
  const byHand = sql`SELECT link.user_id AS id FROM ${departmentMembers} AS link
    WHERE link.tenant_key = ${tenantKey} AND link.department_id = ${departmentId} AND link.user_id > ${after}
      AND ${isMember(sql`link.user_id`)} ORDER BY link.user_id LIMIT ${limit}`;
  const byAttribute = sql`SELECT link.id FROM ${users} AS link INDEXED BY users_department
    WHERE link.tenant_key = ${tenantKey} AND link.department_id = ${departmentId} AND link.id > ${after}
      AND ${isMember(sql`link.id`)} ORDER BY link.id LIMIT ${limit}`;
  const walks = [
    ...(live.group ? byGroup : []),
    byHand,
    ...(live.attribute ? [byAttribute] : []),
  ].map((walk) => sql`SELECT id FROM (${walk})`);
  // Nested, because a compound SELECT has at most five terms.
  const both = (left: SQL, right: SQL) => sql`SELECT id FROM (${left}) UNION ${right}`;
  const [first, ...rest] = walks;
  return sql`SELECT id FROM (${rest.reduce(both, first ?? byHand)}) ORDER BY id LIMIT ${limit}`;
}

/** Undefined: no such department. Three round trips, each as long as the page. */
export async function membersPage(
  database: TenantDatabase,
  departmentId: string,
  request: PageRequest,
  settings: DepartmentSettings,
): Promise<Page<DepartmentMember> | undefined> {
  const { key } = database;
  const [found, feeding] = await database.read([
    sql`SELECT id FROM ${departments} WHERE tenant_key = ${key} AND id = ${departmentId} AND retired_at IS NULL`,
    sql`SELECT id FROM ${groups} INDEXED BY groups_department
      WHERE tenant_key = ${key} AND department_id = ${departmentId}`,
  ]);
  if (rowsOf(found).length === 0) return undefined;
  const groupIds = rowsOf<{ id: string }>(feeding).map(({ id }) => id);
  const [hits] = await database.read([pageOfIds(key, departmentId, groupIds, request, settings)]);
  const hitIds = rowsOf<{ id: string }>(hits).map(({ id }) => id);
  const ids = hitIds.slice(0, request.limit);
  const named = JSON.stringify(ids);
  const [people, links] = await database.read([
    sql`SELECT ${userColumns(true)} FROM json_each(${named}) AS named CROSS JOIN ${users}
      WHERE ${users}.tenant_key = ${key} AND ${users}.id = named.value ORDER BY ${users}.id`,
    selectLinks(key, sql`json_each(${named})`, settings),
  ]);
  const linksOf = Map.groupBy(rowsOf<LinkRow>(links), (row) => row.user_id);
  const items = rowsOf<UserRow>(people).flatMap((row) => {
    const mine = effectiveDepartments((linksOf.get(row.id) ?? []).map(linkOf), settings);
    const how = mine.find(({ id }) => id === departmentId);
    const user = { ...userRecord(row), departments: mine };
    return how ? [{ user, source: how.source, since: how.since }] : [];
  });
  return { items, nextCursor: hitIds.length > ids.length ? ids.at(-1) : undefined };
}
