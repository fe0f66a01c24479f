import { sql } from "drizzle-orm";

import type { DepartmentSettings } from "../../directory/departments/effective-departments.ts";
import type { DepartmentStore } from "../../directory/departments/ports.ts";
import type { DepartmentDraft } from "../../directory/ports.ts";
import type { Change } from "../../journal/change.ts";
import { insertChange, selectChangeOf } from "../journal/change-statement.ts";
import { rowsOf } from "../d1/prepare.ts";
import { sameVersion } from "../d1/same-version.ts";
import { departmentMembers, departments } from "../tables.ts";
import type { TenantDatabase } from "../d1/tenant-database.ts";
import { endByHand } from "./assignment-statements.ts";
import { guardThat, isFedByNobody, isThere } from "./department-guards.ts";
import { selectDepartment, shownLast } from "./department-rows.ts";
import { giveNameUp } from "./department-statements.ts";

type Outcome<Verb extends "create" | "rename" | "remove" | "keep"> = ReturnType<
  DepartmentStore[Verb]
>;

/** The name of a retired one brings that one back; its history stays with its id. */
export async function createDepartment(
  database: TenantDatabase,
  department: DepartmentDraft,
  change: Change,
  settings: DepartmentSettings,
): Outcome<"create"> {
  const { key } = database;
  const [found] = await database.read([
    sql`SELECT id, retired_at FROM ${departments} WHERE tenant_key = ${key} AND name_key = ${department.nameKey}`,
  ]);
  const [namesake] = rowsOf<{ id: string; retired_at: string | null }>(found);
  if (namesake && namesake.retired_at === null) return { kind: "duplicate" };
  const id = namesake?.id ?? department.id;
  const row = { ...change, resourceId: id };
  const write = namesake
    ? sameVersion(sql`UPDATE ${departments} SET name = ${department.name}, origin = ${department.origin},
        orphaned_at = NULL, orphaned_run = NULL, retired_at = NULL
      WHERE tenant_key = ${key} AND id = ${id} AND retired_at IS NOT NULL`)
    : [
        sql`INSERT INTO ${departments} (tenant_key, id, name, name_key, origin, created_at)
          VALUES (${key}, ${id}, ${department.name}, ${department.nameKey}, ${department.origin}, ${change.at})`,
      ];
  const result = await database.write(
    [...write, insertChange(key, row), selectDepartment(key, id, settings)],
    selectChangeOf(key, row),
  );
  return result.kind === "written"
    ? { kind: "created", id, department: shownLast(result.results) }
    : { kind: "duplicate" };
}

export async function renameByHand(
  database: TenantDatabase,
  { id, from, name, nameKey }: Parameters<DepartmentStore["rename"]>[0],
  change: Change,
  settings: DepartmentSettings,
): Outcome<"rename"> {
  const { key } = database;
  const result = await database.write(
    [
      guardThat(isFedByNobody(key, id, settings)),
      giveNameUp(key, nameKey, id),
      ...sameVersion(sql`UPDATE ${departments} SET name = ${name}, name_key = ${nameKey}
        WHERE tenant_key = ${key} AND id = ${id} AND name = ${from} AND origin = 'manual' AND retired_at IS NULL`),
      insertChange(key, change),
    ],
    selectChangeOf(key, change),
  );
  switch (result.kind) {
    case "written":
      return { kind: "renamed" };
    case "unique":
      return { kind: "duplicate" };
    case "guard":
      return { kind: "stale" };
  }
}

export async function removeDepartment(
  database: TenantDatabase,
  id: string,
  change: Change,
  settings: DepartmentSettings,
): Outcome<"remove"> {
  const { key } = database;
  const result = await database.write(
    [
      guardThat(isFedByNobody(key, id, settings)),
      ...sameVersion(sql`UPDATE ${departments} SET retired_at = ${change.at}, orphaned_at = NULL, orphaned_run = NULL
        WHERE tenant_key = ${key} AND id = ${id} AND origin = 'manual' AND retired_at IS NULL`),
      endByHand(key, id, change.at),
      sql`DELETE FROM ${departmentMembers} WHERE tenant_key = ${key} AND department_id = ${id}`,
      insertChange(key, change),
    ],
    selectChangeOf(key, change),
  );
  return result.kind === "written" ? { kind: "removed" } : { kind: "stale" };
}

export async function keepDepartment(
  database: TenantDatabase,
  id: string,
  change: Change,
  settings: DepartmentSettings,
): Outcome<"keep"> {
  const { key } = database;
  const result = await database.write(
    [
      guardThat(isThere(key, id)),
      guardThat(isFedByNobody(key, id, settings)),
      ...sameVersion(sql`UPDATE ${departments} SET origin = 'manual', orphaned_at = NULL, orphaned_run = NULL
        WHERE tenant_key = ${key} AND id = ${id} AND origin <> 'manual'`),
      insertChange(key, change),
    ],
    selectChangeOf(key, change),
  );
  return result.kind === "written" ? { kind: "kept" } : { kind: "stale" };
}
