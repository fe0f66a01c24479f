import { sql, type SQL } from "drizzle-orm";

import { laterOf } from "../../directory/context.ts";
import type { UserDraft } from "../../directory/ports.ts";
import { assignments } from "../people-tables.ts";
import { departmentMembers, groupMembers, groups, users } from "../tables.ts";

/**
 * Writes down times that are over; to stand before the statement that ends them. The query selects user_id,
 * department_id, source and started_at. What a request that came in later has begun ends no earlier than that: requests
 * are not written in the order in which they come in.
 */
const insertEnded = (tenantKey: number, at: string, query: SQL): SQL =>
  sql`INSERT INTO ${assignments} (tenant_key, ended_at, user_id, department_id, source, started_at)
    WITH ended (user_id, department_id, source, started_at) AS (SELECT ${query})
    SELECT ${tenantKey}, max(${at}, started_at), user_id, department_id, source, started_at
    FROM ended WHERE 1 ON CONFLICT DO NOTHING`;

/**
 * The attribute of one person names another department from now on, or none. What the draft knows costs no row; at
 * the version that it was read at, it is so still.
 */
export const endAttribute = (
  tenantKey: number,
  { id, departmentLink: link }: UserDraft,
  at: string,
): SQL =>
  link
    ? sql`INSERT INTO ${assignments} (tenant_key, ended_at, user_id, department_id, source, started_at)
        VALUES (${tenantKey}, ${laterOf(at, link.since)}, ${id}, ${link.id}, 'attribute', ${link.since})
        ON CONFLICT DO NOTHING`
    : endAttributesOf(tenantKey, JSON.stringify([id]), at);

/** The same of many people: their ids as a JSON array. */
export const endAttributesOf = (tenantKey: number, userIds: string, at: string): SQL =>
  insertEnded(
    tenantKey,
    at,
    sql`person.id, person.department_id, 'attribute', coalesce(person.department_since, person.created_at)
      FROM json_each(${userIds}) AS named CROSS JOIN ${users} AS person
      WHERE person.tenant_key = ${tenantKey} AND person.id = named.value AND person.department_id IS NOT NULL`,
  );

/** Of all whose attribute names a department; `which` holds for rows of `users`. */
export const endAttributes = (
  tenantKey: number,
  departmentId: string,
  at: string,
  which: SQL = sql`1`,
): SQL =>
  insertEnded(
    tenantKey,
    at,
    sql`id, department_id, 'attribute', coalesce(department_since, created_at)
      FROM ${users} INDEXED BY users_department
      WHERE tenant_key = ${tenantKey} AND department_id = ${departmentId} AND ${which}`,
  );

/** Of people who leave a group; no row for a group that feeds no department. `which` tells them: `= ?`, `IN (…)`. */
export const endMemberships = (
  tenantKey: number,
  groupId: SQL,
  at: string,
  which: SQL = sql`IS NOT NULL`,
): SQL =>
  insertEnded(
    tenantKey,
    at,
    sql`member.member_id, fed.department_id, 'group', member.added_at
      FROM ${groups} AS fed CROSS JOIN ${groupMembers} AS member
      WHERE fed.tenant_key = ${tenantKey} AND fed.id = ${groupId} AND fed.department_id IS NOT NULL
        AND member.tenant_key = ${tenantKey} AND member.group_id = fed.id
        AND member.member_id ${which} AND member.member_type = 'User'`,
  );

/** Of all members of groups: an array of objects with their ids and the names that they still have. */
export const endGroups = (tenantKey: number, groupsNamed: string, at: string): SQL =>
  insertEnded(
    tenantKey,
    at,
    sql`member.member_id, fed.department_id, 'group', member.added_at
      FROM json_each(${groupsNamed}) AS named
      CROSS JOIN ${groups} AS fed ON fed.tenant_key = ${tenantKey} AND fed.id = named.value ->> 'id'
        AND fed.display_name = named.value ->> 'displayName'
      CROSS JOIN ${groupMembers} AS member ON member.tenant_key = ${tenantKey} AND member.group_id = fed.id
      WHERE fed.department_id IS NOT NULL AND member.member_type = 'User'`,
  );

/** Of the members of every group that feeds a department. */
export const endGroupsOf = (tenantKey: number, departmentId: string, at: string): SQL =>
  insertEnded(
    tenantKey,
    at,
    sql`member.member_id, fed.department_id, 'group', min(member.added_at)
      FROM ${groups} AS fed INDEXED BY groups_department CROSS JOIN ${groupMembers} AS member
      WHERE fed.tenant_key = ${tenantKey} AND fed.department_id = ${departmentId}
        AND member.tenant_key = ${tenantKey} AND member.group_id = fed.id AND member.member_type = 'User'
      GROUP BY member.member_id`,
  );

/** Of people whom somebody put into a department by hand; `which` holds for their rows. */
export const endByHand = (
  tenantKey: number,
  departmentId: string,
  at: string,
  which: SQL = sql`1`,
): SQL =>
  insertEnded(
    tenantKey,
    at,
    sql`user_id, department_id, 'manual', added_at FROM ${departmentMembers}
      WHERE tenant_key = ${tenantKey} AND department_id = ${departmentId} AND ${which}`,
  );

/** Nothing stays of somebody who is erased. */
export const forgetAssignments = (tenantKey: number, userId: string): SQL =>
  sql`DELETE FROM ${assignments} WHERE tenant_key = ${tenantKey} AND user_id = ${userId}`;
