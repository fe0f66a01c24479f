import { sql } from "drizzle-orm";

import type { Member } from "../directory/ports.ts";
import { rowsOf } from "./prepare.ts";
import { groupMembers } from "./tables.ts";
import type { TenantDatabase } from "./tenant-database.ts";

/** One answer of D1 stays far below its 2 MB for a value and its memory limit. */
const ROWS_PER_PAGE = 10_000;

interface MemberRow {
  group_id: string;
  member_id: string;
  member_type: Member["type"];
}

/** The members of some groups, in the order of their ids; one round trip for each 10,000 of them. */
export async function membersOf(
  database: TenantDatabase,
  groupIds: readonly string[],
): Promise<Map<string, Member[]>> {
  const members = new Map<string, Member[]>();
  if (groupIds.length === 0) return members;
  const named = sql`(SELECT value FROM json_each(${JSON.stringify(groupIds)}))`;
  let after = { groupId: "", memberId: "" };
  for (;;) {
    const [page] = await database.read([
      sql`SELECT group_id, member_id, member_type FROM ${groupMembers}
        WHERE tenant_key = ${database.key} AND group_id IN ${named}
          AND (group_id, member_id) > (${after.groupId}, ${after.memberId})
        ORDER BY group_id, member_id LIMIT ${ROWS_PER_PAGE}`,
    ]);
    const rows = rowsOf<MemberRow>(page);
    for (const row of rows) {
      const ofGroup = members.get(row.group_id) ?? [];
      ofGroup.push({ id: row.member_id, type: row.member_type });
      members.set(row.group_id, ofGroup);
    }
    const last = rows.at(-1);
    if (!last || rows.length < ROWS_PER_PAGE) return members;
    after = { groupId: last.group_id, memberId: last.member_id };
  }
}
