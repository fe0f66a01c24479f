import { sql, type SQL } from "drizzle-orm";

import type { CommitOutcome, Guard, Plan, Write } from "../directory/ports.ts";
import { insertChange, selectChangeOf } from "./change-statement.ts";
import { ensureDepartment, renameDepartment } from "./department-statements.ts";
import { changeMembers, deleteGroup, insertGroup, updateGroup } from "./group-statements.ts";
import {
  changeKeys,
  deleteResource,
  insertResource,
  updateResource,
} from "./resource-statements.ts";
import { resources } from "./catalogue-tables.ts";
import { groups, guards, users } from "./tables.ts";
import type { ForeseenFailure, TenantDatabase } from "./tenant-database.ts";
import { deleteUser, insertUser, updateUser } from "./user-statements.ts";

/** The row of a resource, whatever its type. */
function rowOf(tenantKey: number, resourceType: string, id: string): SQL {
  const row = sql`tenant_key = ${tenantKey} AND id = ${id}`;
  if (resourceType === "User") return sql`${users} WHERE ${row}`;
  if (resourceType === "Group") return sql`${groups} WHERE ${row}`;
  return sql`${resources} WHERE ${row} AND type = ${resourceType}`;
}

function guardStatement(tenantKey: number, guard: Guard): SQL {
  switch (guard.kind) {
    case "version":
      return sql`INSERT INTO ${guards} (version) SELECT 0 WHERE NOT EXISTS (
        SELECT 1 FROM ${rowOf(tenantKey, guard.resourceType, guard.id)} AND version = ${guard.version})`;
    case "nobody-matches": {
      const { userNameKey, externalId, emailKey } = guard.keys;
      const someoneWith = (key: SQL) => sql`EXISTS (SELECT 1 FROM ${users}
        WHERE tenant_key = ${tenantKey} AND ${key} AND (origin = 'manual' OR active = 0))`;
      const conditions = [
        someoneWith(sql`user_name_key = ${userNameKey}`),
        ...(externalId === null ? [] : [someoneWith(sql`external_id = ${externalId}`)]),
        ...(emailKey === null ? [] : [someoneWith(sql`email_key = ${emailKey}`)]),
      ];
      return sql`INSERT INTO ${guards} (nobody_matches) SELECT 0 WHERE ${sql.join(conditions, sql` OR `)}`;
    }
  }
}

function writeStatements(
  tenantKey: number,
  write: Write,
  stamp: { at: string; commitId: string },
): SQL[] {
  switch (write.kind) {
    case "ensure-department":
      return [ensureDepartment(tenantKey, write.department, stamp.at)];
    case "rename-department":
      return [renameDepartment(tenantKey, write)];
    case "insert-user":
      return insertUser(tenantKey, write.user, stamp.at);
    case "update-user":
      return updateUser(tenantKey, write.before, write.after, stamp.at);
    case "delete-user":
      return deleteUser(tenantKey, write.user, write.keep, stamp.at);
    case "insert-group":
      return insertGroup(tenantKey, write.group, write.department, stamp);
    case "update-group":
      return updateGroup(tenantKey, write.before, write.after, write.department, stamp);
    case "delete-group":
      return deleteGroup(tenantKey, write.group, stamp);
    case "change-members":
      return changeMembers(tenantKey, write.groupId, write, stamp);
    case "change-keys":
      return changeKeys(tenantKey, write);
    case "insert-resource":
      return insertResource(tenantKey, write.resource, stamp.at);
    case "update-resource":
      return updateResource(tenantKey, write.resource, stamp.at);
    case "delete-resource":
      return deleteResource(tenantKey, write);
  }
}

function outcomeOf(failure: ForeseenFailure): CommitOutcome {
  if (failure.kind === "guard") {
    return failure.name === "nobody_matches_the_keys" ? { kind: "matched" } : { kind: "stale" };
  }
  if (failure.columns.includes("user_name_key"))
    return { kind: "duplicate", attribute: "userName" };
  if (failure.columns.includes("email_key")) return { kind: "duplicate", attribute: "emails" };
  if (failure.columns.includes("display_name_key"))
    return { kind: "duplicate", attribute: "displayName" };
  if (failure.columns.includes("resource_keys")) return { kind: "duplicate", attribute: "unique" };
  return { kind: "duplicate", attribute: "id" };
}

/**
 * The one way to write a directory: guards, writes and the journal row in a single transaction. D1 has no
 * interactive one, so whatever a write depends on is a guard inside the batch, and its failure an outcome.
 */
export async function commit(database: TenantDatabase, plan: Plan): Promise<CommitOutcome> {
  const { key } = database;
  const stamp = { at: plan.change.at, commitId: crypto.randomUUID() };
  const condition =
    plan.record === "always"
      ? sql`1`
      : sql`EXISTS (SELECT 1 FROM ${groups} WHERE tenant_key = ${key}
          AND id = ${plan.record.groupId} AND changed_by = ${stamp.commitId})`;
  const statements = [
    ...plan.guards.map((guard) => guardStatement(key, guard)),
    ...plan.writes.flatMap((write) => writeStatements(key, write, stamp)),
    insertChange(key, plan.change, condition),
  ];
  const result = await database.write(statements, selectChangeOf(key, plan.change));
  return result.kind === "written" ? { kind: "committed" } : outcomeOf(result);
}
