import { sql, type SQL } from "drizzle-orm";

import type { DepartmentDraft, GroupDraft, GroupRecord, Member } from "../directory/ports.ts";
import { foldText } from "../scim/fold.ts";
import { departmentIdOf } from "./department-statements.ts";
import { foldDocument } from "./fold-document.ts";
import { idChunks } from "./id-chunks.ts";
import { groupMembers, groups, tenantCounts, users } from "./tables.ts";

const linkTo = (tenantKey: number, department: DepartmentDraft | null): SQL =>
  department === null ? sql`NULL` : departmentIdOf(tenantKey, department.nameKey);

export function insertGroup(
  tenantKey: number,
  group: GroupDraft,
  department: DepartmentDraft | null,
  stamp: { at: string; commitId: string },
): SQL[] {
  return [
    sql`INSERT INTO ${groups} (tenant_key, id, resource, folded, display_name, display_name_key, external_id,
        department_id, changed_by, version, created_at, updated_at)
      VALUES (${tenantKey}, ${group.id}, ${JSON.stringify(group.document)}, ${foldDocument(group.document)},
        ${group.displayName}, ${foldText(group.displayName)}, ${group.externalId},
        ${linkTo(tenantKey, department)}, ${stamp.commitId}, 1, ${stamp.at}, ${stamp.at})`,
    sql`UPDATE ${tenantCounts} SET groups = groups + 1 WHERE tenant_key = ${tenantKey}`,
  ];
}

export function updateGroup(
  tenantKey: number,
  before: GroupDraft,
  after: GroupDraft,
  department: DepartmentDraft | null | undefined,
  stamp: { at: string; commitId: string },
): SQL[] {
  const assignments = [
    sql`resource = ${JSON.stringify(after.document)}`,
    sql`folded = ${foldDocument(after.document)}`,
    sql`version = version + 1`,
    sql`changed_by = ${stamp.commitId}`,
    sql`updated_at = max(updated_at, ${stamp.at})`,
  ];
  if (before.displayName !== after.displayName) {
    assignments.push(sql`display_name = ${after.displayName}`);
  }
  if (foldText(before.displayName) !== foldText(after.displayName)) {
    assignments.push(sql`display_name_key = ${foldText(after.displayName)}`);
  }
  if (before.externalId !== after.externalId)
    assignments.push(sql`external_id = ${after.externalId}`);
  if (department !== undefined) {
    assignments.push(sql`department_id = ${linkTo(tenantKey, department)}`);
  }
  return [
    sql`UPDATE ${groups} SET ${sql.join(assignments, sql`, `)}
      WHERE tenant_key = ${tenantKey} AND id = ${after.id}`,
  ];
}

/** Names its index: left to itself, the planner walks every membership of the tenant to delete one. */
export const leaveAllGroups = (tenantKey: number, memberId: string): SQL =>
  sql`DELETE FROM ${groupMembers} INDEXED BY group_members_member
    WHERE tenant_key = ${tenantKey} AND member_id = ${memberId}`;

/** The groups that it was a member of change too, and their versions with them. */
export function deleteGroup(
  tenantKey: number,
  group: GroupRecord,
  stamp: { at: string; commitId: string },
): SQL[] {
  return [
    sql`UPDATE ${groups} SET version = version + 1, changed_by = ${stamp.commitId},
        updated_at = max(updated_at, ${stamp.at})
      WHERE tenant_key = ${tenantKey} AND id IN (
        SELECT group_id FROM ${groupMembers} INDEXED BY group_members_member
        WHERE tenant_key = ${tenantKey} AND member_id = ${group.id})`,
    sql`DELETE FROM ${groupMembers} WHERE tenant_key = ${tenantKey} AND group_id = ${group.id}`,
    leaveAllGroups(tenantKey, group.id),
    sql`DELETE FROM ${groups} WHERE tenant_key = ${tenantKey} AND id = ${group.id}`,
    sql`UPDATE ${tenantCounts} SET groups = groups - 1 WHERE tenant_key = ${tenantKey}`,
  ];
}

/**
 * Joins and leaves as sets of rows: what is named and nothing else is touched, so that the cost follows the
 * change and not the group. The first statement that changes something raises the group's version, unless the
 * same commit has raised it already.
 */
export function changeMembers(
  tenantKey: number,
  groupId: string,
  delta: { added: readonly Member[]; removed: readonly string[] },
  stamp: { at: string; commitId: string },
): SQL[] {
  const ofGroup = sql`tenant_key = ${tenantKey} AND group_id = ${groupId}`;
  const join = (ids: string, table: typeof users | typeof groups, type: Member["type"]) =>
    sql`INSERT INTO ${groupMembers} (tenant_key, group_id, member_id, member_type, added_at)
      SELECT parent.tenant_key, parent.id, member.id, ${type}, ${stamp.at}
      FROM ${groups} AS parent CROSS JOIN json_each(${ids}) AS named CROSS JOIN ${table} AS member
      WHERE parent.tenant_key = ${tenantKey} AND parent.id = ${groupId}
        AND member.tenant_key = ${tenantKey} AND member.id = named.value
      ON CONFLICT DO NOTHING`;
  const idsOf = (type: Member["type"]) =>
    delta.added.filter((member) => member.type === type).map((member) => member.id);
  const writes = [
    ...idChunks(delta.removed).map(
      (ids) => sql`DELETE FROM ${groupMembers} WHERE ${ofGroup}
        AND member_id IN (SELECT value FROM json_each(${ids}))`,
    ),
    ...idChunks(idsOf("User")).map((ids) => join(ids, users, "User")),
    ...idChunks(idsOf("Group")).map((ids) => join(ids, groups, "Group")),
  ];
  const touch = sql`UPDATE ${groups} SET version = version + 1, changed_by = ${stamp.commitId},
      updated_at = max(updated_at, ${stamp.at})
    WHERE tenant_key = ${tenantKey} AND id = ${groupId} AND changes() > 0
      AND changed_by <> ${stamp.commitId}`;
  return writes.flatMap((write) => [write, touch]);
}
