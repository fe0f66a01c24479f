import { sql, type SQL } from "drizzle-orm";

import type { UserDraft, UserRecord, Write } from "../../directory/ports.ts";
import type { UserKeys } from "../../directory/people/user-keys.ts";
import { foldText } from "../../scim/fold.ts";
import { departmentIdOf } from "../departments/department-statements.ts";
import { endAttribute } from "../departments/assignment-statements.ts";
import { foldDocument } from "../filter/fold-document.ts";
import { leaveAllGroups } from "../groups/group-statements.ts";
import { sameVersion } from "../d1/same-version.ts";
import { forgetPerson } from "./erase-statements.ts";
import { predecessorId } from "./former-rows.ts";
import { formerPeople } from "../people-tables.ts";
import { departmentMembers, tenantCounts, users } from "../tables.ts";

type Column = string | number | null;

const flag = (set: boolean): number | null => (set ? 1 : null);

/** The columns that follow from a draft; `department_id` and `predecessor_id` apart, which are looked up. */
export function columnsOf(user: UserDraft): Record<string, Column> {
  const { keys, adoptedFrom } = user;
  return {
    resource: JSON.stringify(user.document),
    folded: foldDocument(user.document),
    user_name_key: keys.userNameKey,
    external_id: keys.externalId,
    email: keys.email,
    email_key: keys.emailKey,
    email_slot: keys.emailIsUnique ? "" : user.id,
    work_email_key: keys.workEmailKey,
    several_work_emails: flag(keys.severalWorkEmails),
    active: keys.active ? 1 : 0,
    origin: user.origin,
    adopted_at: user.adoptedAt,
    adopted_by: user.adoptedBy,
    ...(adoptedFrom !== undefined && {
      adopted_from: adoptedFrom && JSON.stringify(adoptedFrom),
    }),
    deactivated_by_hand: flag(user.deactivatedByHand),
  };
}

const departmentIdFor = (tenantKey: number, department: string | null): SQL =>
  department === null ? sql`NULL` : departmentIdOf(tenantKey, foldText(department));

const list = (parts: readonly SQL[]): SQL => sql.join([...parts], sql`, `);

const adjustCounts = (
  tenantKey: number,
  user: { active: boolean; origin: string },
  by: 1 | -1,
): SQL =>
  sql`UPDATE ${tenantCounts} SET users = users + ${by},
      users_active = users_active + ${user.active ? by : 0},
      users_scim = users_scim + ${user.origin === "scim" ? by : 0}
    WHERE tenant_key = ${tenantKey}`;

export function insertUser(tenantKey: number, user: UserDraft, at: string): SQL[] {
  const columns = Object.entries(columnsOf(user));
  const names = list(columns.map(([name]) => sql.identifier(name)).map((name) => sql`${name}`));
  const values = list(columns.map(([, value]) => sql`${value}`));
  return [
    sql`INSERT INTO ${users} (tenant_key, id, ${names}, predecessor_id, department_id, department_since, version, created_at, updated_at)
      VALUES (${tenantKey}, ${user.id}, ${values}, ${predecessorId(tenantKey, sql`${user.keys.userNameKey}`)},
        ${departmentIdFor(tenantKey, user.keys.department)},
        ${user.keys.department === null ? null : at}, 1, ${at}, ${at})`,
    adjustCounts(tenantKey, { active: user.keys.active, origin: user.origin }, 1),
  ];
}

/**
 * Names only the columns that differ: D1 bills the write of every index whose column is named, also when the
 * value is the same.
 */
export function updateUser(
  tenantKey: number,
  { version, before, after }: Extract<Write, { kind: "update-user" }>,
  at: string,
): SQL[] {
  const old = columnsOf(before);
  const changed = Object.entries(columnsOf(after)).filter(([name, value]) => old[name] !== value);
  const assignments = changed.map(([name, value]) => sql`${sql.identifier(name)} = ${value}`);
  const { department } = after.keys;
  const moves = foldText(before.keys.department ?? "") !== foldText(department ?? "");
  if (moves) {
    assignments.push(sql`department_id = ${departmentIdFor(tenantKey, department)}`);
    assignments.push(sql`department_since = ${department === null ? null : at}`);
  }
  assignments.push(sql`version = version + 1`, sql`updated_at = max(updated_at, ${at})`);
  const statements = [
    ...(moves && before.keys.department !== null ? [endAttribute(tenantKey, before, at)] : []),
    ...sameVersion(
      sql`UPDATE ${users} SET ${list(assignments)}
        WHERE tenant_key = ${tenantKey} AND id = ${after.id} AND version = ${version}`,
    ),
  ];
  if (before.keys.active !== after.keys.active || before.origin !== after.origin) {
    const active = Number(after.keys.active) - Number(before.keys.active);
    const scim = Number(after.origin === "scim") - Number(before.origin === "scim");
    statements.push(sql`UPDATE ${tenantCounts} SET users_active = users_active + ${active},
      users_scim = users_scim + ${scim} WHERE tenant_key = ${tenantKey}`);
  }
  return statements;
}

const keepAsFormer = (tenantKey: number, user: UserRecord, keys: UserKeys, at: string): SQL =>
  sql`INSERT INTO ${formerPeople} (tenant_key, id, resource, user_name_key, external_id, email, origin, departments,
      version, created_at, deleted_at)
    VALUES (${tenantKey}, ${user.id}, ${JSON.stringify(user.document)}, ${keys.userNameKey}, ${keys.externalId},
      ${user.email}, ${user.origin}, ${JSON.stringify(user.departments ?? [])}, ${user.version},
      ${user.createdAt}, ${at})`;

/**
 * `keep` moves the person to `former_people`; without it nothing of the person stays, also not what their rows
 * in the journal say of them.
 */
export function deleteUser(
  tenantKey: number,
  { user, keep }: Extract<Write, { kind: "delete-user" }>,
  at: string,
): SQL[] {
  return [
    ...sameVersion(sql`DELETE FROM ${users}
      WHERE tenant_key = ${tenantKey} AND id = ${user.id} AND version = ${user.version}`),
    ...(keep ? [keepAsFormer(tenantKey, user, keep, at)] : forgetPerson(tenantKey, user.id)),
    leaveAllGroups(tenantKey, user.id),
    sql`DELETE FROM ${departmentMembers} INDEXED BY department_members_user WHERE tenant_key = ${tenantKey} AND user_id = ${user.id}`,
    adjustCounts(tenantKey, user, -1),
  ];
}
