import { sql, type SQL } from "drizzle-orm";

import type { Origin, UserRecord } from "../../directory/ports.ts";
import { departmentAttribute, type UserKeys } from "../../directory/people/user-keys.ts";
import type { JsonObject } from "../../scim/json.ts";
import { parseStoredDocument } from "../stored-document.ts";
import { groupMembers, groups, users } from "../tables.ts";

export interface UserRow {
  id: string;
  resource: string;
  user_name_key: string;
  external_id: string | null;
  email: string | null;
  email_key: string | null;
  email_slot: string;
  work_email_key: string | null;
  several_work_emails: number | null;
  active: number;
  department_id: string | null;
  department_since: string | null;
  origin: Origin;
  adopted_at: string | null;
  adopted_by: string | null;
  deactivated_by_hand: number | null;
  predecessor_id: string | null;
  version: number;
  created_at: string;
  updated_at: string;
  groups: string | null;
}

// One statement for a page of people and their groups: a second one would read the page again.
const groupsOfUser = sql`(
  SELECT json_group_array(json_array(${groups}.id, ${groups}.display_name))
  FROM ${groupMembers} CROSS JOIN ${groups}
  WHERE ${groupMembers}.tenant_key = ${users}.tenant_key AND ${groupMembers}.member_id = ${users}.id
    AND ${groups}.tenant_key = ${groupMembers}.tenant_key AND ${groups}.id = ${groupMembers}.group_id)`;

/** The columns of a `UserRecord`; a user's groups cost two rows read each and are read only when wanted. */
export const userColumns = (withGroups: boolean): SQL =>
  sql`${users}.id, ${users}.resource, ${users}.user_name_key, ${users}.external_id, ${users}.email,
    ${users}.email_key, ${users}.email_slot, ${users}.work_email_key, ${users}.several_work_emails,
    ${users}.active, ${users}.department_id, ${users}.department_since, ${users}.origin,
    ${users}.adopted_at, ${users}.adopted_by, ${users}.deactivated_by_hand, ${users}.predecessor_id,
    ${users}.version, ${users}.created_at, ${users}.updated_at,
    ${withGroups ? groupsOfUser : sql`NULL`} AS groups`;

/** The guarantee of the cast: the statement above wrote this text. */
const parseGroups = (text: string) => JSON.parse(text) as [id: string, displayName: string][];

/**
 * What is stored, whatever the settings say by now. A link to a department stands for the attribute's value: it
 * is there only while the document names the department that it was made for.
 */
const storedKeys = (row: UserRow, document: JsonObject): UserKeys => ({
  userNameKey: row.user_name_key,
  externalId: row.external_id,
  email: row.email,
  emailKey: row.email_key,
  emailIsUnique: row.email_slot === "",
  workEmailKey: row.work_email_key,
  severalWorkEmails: row.several_work_emails === 1,
  active: row.active === 1,
  department: row.department_id === null ? null : departmentAttribute(document),
});

export function userRecord(row: UserRow): UserRecord {
  const document = parseStoredDocument(row.resource);
  return {
    id: row.id,
    document,
    keys: storedKeys(row, document),
    email: row.email,
    active: row.active === 1,
    departmentId: row.department_id,
    departmentSince: row.department_since,
    origin: row.origin,
    adoptedAt: row.adopted_at,
    adoptedBy: row.adopted_by,
    deactivatedByHand: row.deactivated_by_hand === 1,
    predecessorId: row.predecessor_id,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    groups:
      row.groups === null
        ? undefined
        : parseGroups(row.groups).map(([id, displayName]) => ({ id, displayName })),
  };
}
