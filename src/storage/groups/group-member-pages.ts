import { sql, type SQL } from "drizzle-orm";

import { MembersChanged } from "../../directory/groups/members-changed.ts";
import type { Member, MemberPages } from "../../directory/ports.ts";
import { rowsOf } from "../d1/prepare.ts";
import { groupMembers, groups } from "../tables.ts";
import type { TenantDatabase } from "../d1/tenant-database.ts";

/** A few megabytes in the Worker, and some 20 round trips for 100,000 members. */
const MEMBERS_PER_PAGE = 5_000;

/** A group as it was read: its members are read only while it is at this version. */
interface GroupAtVersion {
  readonly id: string;
  readonly version: number;
}

interface MemberRow {
  member_id: string;
  member_type: Member["type"];
}

/** `position`: which of the groups. A group without (further) members has one row without a member. */
type PlacedRow = { position: number; version: number } & (
  | MemberRow
  | { member_id: null; member_type: null }
);

/** Behind which member of which group a page ends. */
interface Place {
  readonly position: number;
  readonly memberId: string;
}

interface Page {
  readonly members: ReadonlyMap<number, readonly Member[]>;
  /** Undefined: nothing follows. */
  readonly end: Place | undefined;
}

function pageOf(rows: readonly PlacedRow[]): Page {
  const members = new Map<number, Member[]>();
  for (const row of rows) {
    if (row.member_id === null) continue;
    const ofGroup = members.get(row.position) ?? [];
    ofGroup.push({ id: row.member_id, type: row.member_type });
    members.set(row.position, ofGroup);
  }
  const last = rows.at(-1);
  const isFull = last !== undefined && rows.length >= MEMBERS_PER_PAGE;
  return {
    members,
    end: isFull ? { position: last.position, memberId: last.member_id ?? "" } : undefined,
  };
}

/**
 * The statement names no order, because sorting by the position in a list would read every member of all groups
 * for each page: the loops of a CROSS JOIN give it. That they did is checked here, and that each group is there
 * and at its version.
 */
function requireUnchanged(
  listed: readonly GroupAtVersion[],
  rows: readonly PlacedRow[],
  from: Place,
): void {
  let position = from.position - 1;
  let memberId = "";
  for (const row of rows) {
    if (row.position === position + 1) {
      position += 1;
      memberId = position === from.position ? from.memberId : "";
    }
    if (row.position !== position || row.version !== listed[position]?.version) {
      throw new MembersChanged();
    }
    if (row.member_id === null) continue;
    if (row.member_id <= memberId) throw new Error("Members came out of their order.");
    memberId = row.member_id;
  }
  const isAll = rows.length < MEMBERS_PER_PAGE;
  if (isAll && position !== listed.length - 1) throw new MembersChanged();
}

async function readPage(
  database: TenantDatabase,
  listed: readonly GroupAtVersion[],
  from: Place,
): Promise<Page> {
  const ids = JSON.stringify(listed.slice(from.position).map(({ id }) => id));
  const [found] = await database.read([
    sql`SELECT listed.key + ${from.position} AS position, parent.version, member.member_id, member.member_type
      FROM json_each(${ids}) AS listed CROSS JOIN ${groups} AS parent
        LEFT JOIN ${groupMembers} AS member ON member.tenant_key = ${database.key}
          AND member.group_id = parent.id
          AND member.member_id > CASE listed.key WHEN 0 THEN ${from.memberId} ELSE '' END
      WHERE parent.tenant_key = ${database.key} AND parent.id = listed.value
      LIMIT ${MEMBERS_PER_PAGE}`,
  ]);
  const rows = rowsOf<PlacedRow>(found);
  requireUnchanged(listed, rows, from);
  return pageOf(rows);
}

/** The members of each group, as far as the first page goes in hand; the groups share the pages that follow. */
function pagesOf(
  database: TenantDatabase,
  listed: readonly GroupAtVersion[],
  first: Page,
): MemberPages[] {
  let page = first;
  const goesOn = (position: number) => page.end !== undefined && page.end.position <= position;

  async function* restOf(position: number): AsyncGenerator<readonly Member[]> {
    // The page that ended the group before this one may have begun this one.
    if (page !== first) yield page.members.get(position) ?? [];
    while (page.end && goesOn(position)) {
      page = await readPage(database, listed, page.end);
      yield page.members.get(position) ?? [];
    }
  }

  return listed.map((_group, position) => ({
    inHand: first.members.get(position) ?? [],
    rest: goesOn(position) ? restOf(position) : undefined,
  }));
}

/** The first page of one group's members, for the batch that reads the group. */
export const selectFirstMembers = (tenantKey: number, groupId: string): SQL =>
  sql`SELECT member_id, member_type FROM ${groupMembers}
    WHERE tenant_key = ${tenantKey} AND group_id = ${groupId}
    ORDER BY member_id LIMIT ${MEMBERS_PER_PAGE}`;

/** The members of one group, of which `first` came in the batch that read it. */
export function membersOfGroup(
  database: TenantDatabase,
  group: GroupAtVersion,
  first: D1Result,
): MemberPages | undefined {
  const { version } = group;
  const rows = rowsOf<MemberRow>(first).map((row) => ({ ...row, position: 0, version }));
  return pagesOf(database, [group], pageOf(rows))[0];
}

/** The members of the groups of a list, in the order of the list; one round trip, and one for each further page. */
export async function membersOfGroups(
  database: TenantDatabase,
  listed: readonly GroupAtVersion[],
): Promise<MemberPages[]> {
  if (listed.length === 0) return [];
  const first = await readPage(database, listed, { position: 0, memberId: "" });
  return pagesOf(database, listed, first);
}
