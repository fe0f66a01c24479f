import { sql } from "drizzle-orm";

import type { GroupMember, GroupSummary, GroupViews } from "../../directory/groups/ports.ts";
import type { ResourceTypeName } from "../../directory/ports.ts";
import type { Page, PageRequest } from "../../tenancy/ports.ts";
import type { LiveTenant } from "../../tenancy/tenant.ts";
import { groupColumns, groupRecord, type GroupRow } from "./group-rows.ts";
import { rowsOf } from "../d1/prepare.ts";
import { pageStartingWith } from "../filter/starting-with.ts";
import { departments, groupMembers, groups, users } from "../tables.ts";
import { tenantDatabase } from "../d1/tenant-database.ts";
import { userColumns, userRecord, type UserRow } from "../people/user-rows.ts";

type SummaryRow = GroupRow & {
  member_count: number;
  department_name: string | null;
  display_name_key: string;
};

interface MemberRow {
  id: string;
  type: ResourceTypeName;
  added_at: string;
  display_name: string | null;
}

const NAMED = ["display_name_key", "groups_display_name"] as const;

const summaryOf = (row: SummaryRow): GroupSummary => ({
  group: groupRecord(row, undefined),
  memberCount: row.member_count,
  departmentName: row.department_name,
});

/** The groups of one tenant for its administrators. See `GroupViews` for what it promises. */
export function groupViews(d1: D1Database, tenant: LiveTenant): GroupViews {
  const database = tenantDatabase(d1, tenant);
  const { key } = database;
  const columns = sql`${groupColumns}, ${groups}.display_name_key, (SELECT count(*) FROM ${groupMembers}
    WHERE ${groupMembers}.tenant_key = ${key} AND ${groupMembers}.group_id = ${groups}.id) AS member_count,
    (SELECT name FROM ${departments} AS fed WHERE fed.tenant_key = ${key} AND fed.id = ${groups}.department_id
      AND fed.retired_at IS NULL) AS department_name`;

  async function list({
    limit,
    cursor,
    q,
  }: Parameters<GroupViews["list"]>[0]): Promise<Page<GroupSummary>> {
    const [order, index] = q === undefined ? ["id", "groups_id"] : NAMED;
    const column = sql`${groups}.${sql.identifier(order)}`;
    const [found] = await database.read([
      sql`SELECT ${columns} FROM ${groups} INDEXED BY ${sql.identifier(index)}
        WHERE tenant_key = ${key} AND ${pageStartingWith(column, q, cursor)} ORDER BY ${column} LIMIT ${limit + 1}`,
    ]);
    const rows = rowsOf<SummaryRow>(found);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      items: shown.map(summaryOf),
      nextCursor: q === undefined ? last?.id : last?.display_name_key,
    };
  }

  async function byId(id: string): Promise<GroupSummary | undefined> {
    const [found] = await database.read([
      sql`SELECT ${columns} FROM ${groups} WHERE tenant_key = ${key} AND id = ${id}`,
    ]);
    const [row] = rowsOf<SummaryRow>(found);
    return row && summaryOf(row);
  }

  async function members(
    id: string,
    { limit, cursor }: PageRequest,
  ): Promise<Page<GroupMember> | undefined> {
    const page = sql`SELECT member_id, member_type, added_at FROM ${groupMembers}
      WHERE tenant_key = ${key} AND group_id = ${id} AND member_id > ${cursor ?? ""}
      ORDER BY member_id LIMIT ${limit + 1}`;
    const [found, links, people] = await database.read([
      sql`SELECT 1 FROM ${groups} WHERE tenant_key = ${key} AND id = ${id}`,
      sql`SELECT member.member_id AS id, member.member_type AS type, member.added_at,
          nested.display_name FROM (${page}) AS member
        LEFT JOIN ${groups} AS nested ON nested.tenant_key = ${key} AND nested.id = member.member_id
          AND member.member_type = 'Group' ORDER BY member.member_id`,
      sql`SELECT ${userColumns(true)} FROM (${page}) AS member CROSS JOIN ${users}
        ON ${users}.tenant_key = ${key} AND ${users}.id = member.member_id`,
    ]);
    if (rowsOf(found).length === 0) return undefined;
    const rows = rowsOf<MemberRow>(links);
    const shown = rows.slice(0, limit);
    const records = new Map(rowsOf<UserRow>(people).map((row) => [row.id, userRecord(row)]));
    const items = shown.flatMap((row): GroupMember[] => {
      const addedAt = row.added_at;
      const user = records.get(row.id);
      if (row.type === "User") return user ? [{ type: "User", user, addedAt }] : [];
      return [{ type: "Group", id: row.id, displayName: row.display_name ?? "", addedAt }];
    });
    return { items, nextCursor: rows.length > limit ? shown.at(-1)?.id : undefined };
  }

  return { list, byId, members };
}
