import { sql, type SQL } from "drizzle-orm";

import type { DepartmentSettings } from "../directory/departments/effective-departments.ts";
import type { CommitOutcome, Guard, Plan, Write } from "../directory/ports.ts";
import { insertChange, selectChangeOf } from "./journal/change-statement.ts";
import { ensureDepartment } from "./departments/department-statements.ts";
import {
  linkDepartment,
  resumeDepartment,
  unlinkDepartment,
} from "./departments/group-department.ts";
import { changeMembers, deleteGroup, insertGroup, updateGroup } from "./groups/group-statements.ts";
import { fewDeactivations } from "./notices/deactivation-statements.ts";
import { queueInvitation, withdrawInvitation } from "./notices/invitation-statements.ts";
import { eraseFormer, forgetRefusals } from "./people/erase-statements.ts";
import { selectShown, shownUser } from "./people/shown-user.ts";
import { writePeople } from "./people/write-people.ts";
import {
  changeKeys,
  deleteResource,
  insertResource,
  updateResource,
} from "./resources/resource-statements.ts";
import { guards, users } from "./tables.ts";
import type { TenantDatabase } from "./d1/tenant-database.ts";
import type { ForeseenFailure } from "./d1/write-once.ts";
import { deleteUser, insertUser, updateUser } from "./people/user-statements.ts";

function guardStatements(tenantKey: number, guard: Guard, at: string): SQL[] {
  switch (guard.kind) {
    case "nobody-matches": {
      const { userNameKey, externalId, emailKey } = guard.keys;
      const someoneWith = (key: SQL) => sql`EXISTS (SELECT 1 FROM ${users}
        WHERE tenant_key = ${tenantKey} AND ${key} AND (origin = 'manual' OR active = 0))`;
      const conditions = [
        someoneWith(sql`user_name_key = ${userNameKey}`),
        ...(externalId === null ? [] : [someoneWith(sql`external_id = ${externalId}`)]),
        ...(emailKey === null ? [] : [someoneWith(sql`email_key = ${emailKey}`)]),
      ];
      return [
        sql`INSERT INTO ${guards} (nobody_matches) SELECT 0 WHERE ${sql.join(conditions, sql` OR `)}`,
      ];
    }
    case "few-deactivations":
      return fewDeactivations(tenantKey, guard, at);
  }
}

function writeStatements(tenantKey: number, write: Write, at: string): SQL[] {
  switch (write.kind) {
    case "ensure-department":
      return [ensureDepartment(tenantKey, write.department, at)];
    case "resume-department":
      return resumeDepartment(tenantKey, write);
    case "link-department":
      return linkDepartment(tenantKey, write, at);
    case "unlink-department":
      return unlinkDepartment(tenantKey, write.groupId, at);
    case "insert-user":
      return insertUser(tenantKey, write.user, at);
    case "update-user":
      return updateUser(tenantKey, write, at);
    case "delete-user":
      return deleteUser(tenantKey, write, at);
    case "write-people":
      return writePeople(tenantKey, write, at);
    case "erase-former":
      return eraseFormer(tenantKey, write.id);
    case "forget-refusals":
      return forgetRefusals(tenantKey, write.seqs);
    case "insert-group":
      return insertGroup(tenantKey, write.group, write.department, at);
    case "update-group":
      return updateGroup(tenantKey, write, at);
    case "delete-group":
      return deleteGroup(tenantKey, write.group, at);
    case "change-members":
      return changeMembers(tenantKey, write, at);
    case "queue-invitation":
      return [queueInvitation(tenantKey, write, at)];
    case "withdraw-invitation":
      return [withdrawInvitation(tenantKey, write)];
    case "change-keys":
      return changeKeys(tenantKey, write);
    case "insert-resource":
      return insertResource(tenantKey, write.resource, at);
    case "update-resource":
      return updateResource(tenantKey, write, at);
    case "delete-resource":
      return deleteResource(tenantKey, write);
  }
}

function outcomeOf(failure: ForeseenFailure): CommitOutcome {
  if (failure.kind === "guard") {
    if (failure.name === "deactivations_are_few") return { kind: "mass-deactivation" };
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
export async function commit(
  database: TenantDatabase,
  plan: Plan,
  settings: DepartmentSettings,
): Promise<CommitOutcome> {
  const { key } = database;
  const { change, further = [], guards: conditions = [], show } = plan;
  const statements = [
    ...conditions.flatMap((guard) => guardStatements(key, guard, change.at)),
    ...plan.writes.flatMap((write) => writeStatements(key, write, change.at)),
    insertChange(key, change),
    ...further.map((other) => insertChange(key, other)),
    ...(show === undefined ? [] : selectShown(key, show, settings)),
  ];
  const result = await database.write(statements, selectChangeOf(key, change));
  if (result.kind !== "written") return outcomeOf(result);
  return {
    kind: "committed",
    shown: show === undefined ? undefined : shownUser(result.results, settings),
  };
}
