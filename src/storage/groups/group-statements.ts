import { sql, type SQL } from "drizzle-orm";

import type {
  DepartmentDraft,
  GroupDraft,
  GroupRecord,
  Member,
  Write,
} from "../../directory/ports.ts";
import { foldText } from "../../scim/fold.ts";
import { departmentIdOf } from "../departments/department-statements.ts";
import { foldDocument } from "../filter/fold-document.ts";
import { endMemberships } from "../departments/assignment-statements.ts";
import { rememberGroup } from "../departments/group-department.ts";
import { areAmong, idChunks } from "../d1/id-chunks.ts";
import { sameVersion } from "../d1/same-version.ts";
import { groupMembers, groups, guards, tenantCounts, users } from "../tables.ts";

const linkTo = (tenantKey: number, department: DepartmentDraft | null): SQL =>
  department === null ? sql`NULL` : departmentIdOf(tenantKey, department.nameKey);

export function insertGroup(
  tenantKey: number,
  group: GroupDraft,
  department: DepartmentDraft | null,
  at: string,
): SQL[] {
  return [
    sql`INSERT INTO ${groups} (tenant_key, id, resource, folded, display_name, display_name_key, external_id,
        department_id, changed_by, version, created_at, updated_at)
      VALUES (${tenantKey}, ${group.id}, ${JSON.stringify(group.document)}, ${foldDocument(group.document)},
        ${group.displayName}, ${foldText(group.displayName)}, ${group.externalId},
        ${linkTo(tenantKey, department)}, '', 1, ${at}, ${at})`,
    sql`UPDATE ${tenantCounts} SET groups = groups + 1 WHERE tenant_key = ${tenantKey}`,
  ];
}

export function updateGroup(
  tenantKey: number,
  { version, before, after }: Extract<Write, { kind: "update-group" }>,
  at: string,
): SQL[] {
  const assignments = [sql`version = version + 1`, sql`updated_at = max(updated_at, ${at})`];
  if (JSON.stringify(before.document) !== JSON.stringify(after.document)) {
    assignments.push(sql`resource = ${JSON.stringify(after.document)}`);
    assignments.push(sql`folded = ${foldDocument(after.document)}`);
  }
  if (before.displayName !== after.displayName) {
    assignments.push(sql`display_name = ${after.displayName}`);
  }
  if (foldText(before.displayName) !== foldText(after.displayName)) {
    assignments.push(sql`display_name_key = ${foldText(after.displayName)}`);
  }
  if (before.externalId !== after.externalId)
    assignments.push(sql`external_id = ${after.externalId}`);
  return sameVersion(
    sql`UPDATE ${groups} SET ${sql.join(assignments, sql`, `)}
      WHERE tenant_key = ${tenantKey} AND id = ${after.id} AND version = ${version}`,
  );
}

/** Names its index: left to itself, the planner walks every membership of the tenant to delete one. */
export const leaveAllGroups = (tenantKey: number, memberId: string): SQL =>
  sql`DELETE FROM ${groupMembers} INDEXED BY group_members_member
    WHERE tenant_key = ${tenantKey} AND member_id = ${memberId}`;

/** The groups that it was a member of change too, and their versions with them. */
export function deleteGroup(tenantKey: number, group: GroupRecord, at: string): SQL[] {
  const { externalId } = group.document;
  return [
    endMemberships(tenantKey, sql`${group.id}`, at),
    ...(typeof externalId === "string" ? rememberGroup(tenantKey, group.id, externalId) : []),
    ...sameVersion(sql`DELETE FROM ${groups}
      WHERE tenant_key = ${tenantKey} AND id = ${group.id} AND version = ${group.version}`),
    sql`UPDATE ${groups} SET version = version + 1, updated_at = max(updated_at, ${at})
      WHERE tenant_key = ${tenantKey} AND id IN (
        SELECT group_id FROM ${groupMembers} INDEXED BY group_members_member
        WHERE tenant_key = ${tenantKey} AND member_id = ${group.id})`,
    sql`DELETE FROM ${groupMembers} WHERE tenant_key = ${tenantKey} AND group_id = ${group.id}`,
    leaveAllGroups(tenantKey, group.id),
    sql`UPDATE ${tenantCounts} SET groups = groups - 1 WHERE tenant_key = ${tenantKey}`,
  ];
}

/**
 * Joins and leaves of a group whose version the same batch holds. When somebody who was to join is gone by now, the
 * whole batch is undone: the answer and the journal name each of them.
 */
export function changeMembers(
  tenantKey: number,
  { groupId, added, removed }: Extract<Write, { kind: "change-members" }>,
  at: string,
): SQL[] {
  const join = (ids: string, table: typeof users | typeof groups, type: Member["type"]) => [
    sql`INSERT INTO ${groupMembers} (tenant_key, group_id, member_id, member_type, added_at)
      SELECT ${tenantKey}, ${groupId}, member.id, ${type}, ${at}
      FROM json_each(${ids}) AS named CROSS JOIN ${table} AS member
      WHERE member.tenant_key = ${tenantKey} AND member.id = named.value
      ON CONFLICT DO NOTHING`,
    sql`INSERT INTO ${guards} (version) SELECT 0 WHERE changes() <> json_array_length(${ids})`,
  ];
  const idsOf = (type: Member["type"]) =>
    added.filter((member) => member.type === type).map((member) => member.id);
  return [
    ...removeMembers(tenantKey, groupId, removed, at),
    ...idChunks(idsOf("User")).flatMap((ids) => join(ids, users, "User")),
    ...idChunks(idsOf("Group")).flatMap((ids) => join(ids, groups, "Group")),
  ];
}

/** Where the group feeds a department, their time in it is written down. */
export const removeMembers = (
  tenantKey: number,
  groupId: string,
  ids: readonly string[],
  at: string,
): SQL[] =>
  areAmong(ids).flatMap((which) => [
    endMemberships(tenantKey, sql`${groupId}`, at, which),
    sql`DELETE FROM ${groupMembers}
      WHERE tenant_key = ${tenantKey} AND group_id = ${groupId} AND member_id ${which}`,
  ]);
