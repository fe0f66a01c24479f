import { sql, type SQL } from "drizzle-orm";

import type { UserDraft, UserUpdate, Write } from "../../directory/ports.ts";
import { foldText } from "../../scim/fold.ts";
import { ensureDepartments } from "../departments/department-statements.ts";
import { endAttributesOf } from "../departments/assignment-statements.ts";
import { departments, guards, tenantCounts, users } from "../tables.ts";
import { columnsOf } from "./user-statements.ts";
import { predecessorId } from "./former-rows.ts";
import { insertChanges } from "./insert-changes.ts";
import { jsonChunks } from "./json-chunks.ts";

const list = (parts: readonly SQL[]): SQL => sql.join([...parts], sql`, `);
const field = (name: string): SQL => sql`json_extract(named.value, ${`$.${name}`})`;
const nameKeyOf = (department: string | null): string | null =>
  department === null ? null : foldText(department);

const departmentNamed = (tenantKey: number): SQL =>
  sql`(SELECT id FROM ${departments} WHERE tenant_key = ${tenantKey} AND name_key = ${field("departmentKey")})`;

const since = (at: string): SQL =>
  sql`CASE WHEN ${field("departmentKey")} IS NULL THEN NULL ELSE ${at} END`;

function insertMany(tenantKey: number, people: readonly UserDraft[], at: string): SQL[] {
  const rows = people.map((person) => ({
    id: person.id,
    departmentKey: nameKeyOf(person.keys.department),
    ...columnsOf(person),
  }));
  const [first] = people;
  const names = first === undefined ? [] : Object.keys(columnsOf(first));
  return jsonChunks(rows).map(
    (
      chunk,
    ) => sql`INSERT INTO ${users} (tenant_key, id, ${list(names.map((name) => sql`${sql.identifier(name)}`))},
        predecessor_id, department_id, department_since, version, created_at, updated_at)
      SELECT ${tenantKey}, ${field("id")}, ${list(names.map(field))},
        ${predecessorId(tenantKey, field("user_name_key"))}, ${departmentNamed(tenantKey)},
        ${since(at)}, 1, ${at}, ${at}
      FROM json_each(${chunk}) AS named`,
  );
}

/** A row to change, and which of its columns. */
function changeOf({ version, before, after }: UserUpdate) {
  const old = columnsOf(before);
  const changed = Object.entries(columnsOf(after)).filter(([name, value]) => old[name] !== value);
  const moves = nameKeyOf(before.keys.department) !== nameKeyOf(after.keys.department);
  const row = {
    id: after.id,
    version,
    departmentKey: nameKeyOf(after.keys.department),
    ...Object.fromEntries(changed),
  };
  const shape = JSON.stringify([changed.map(([name]) => name), moves]);
  return {
    row,
    names: changed.map(([name]) => name),
    moves,
    leaves: moves && before.keys.department !== null,
    shape,
  };
}

/**
 * One statement for all who change in the same columns: D1 bills the write of every index whose column is named.
 * `stale` when one of them has another version or is gone.
 */
function updateMany(tenantKey: number, people: readonly UserUpdate[], at: string): SQL[] {
  const byShape = Map.groupBy(people.map(changeOf), ({ shape }) => shape);
  return [...byShape.values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const assignments = [
      ...first.names.map((name) => sql`${sql.identifier(name)} = ${field(name)}`),
      ...(first.moves
        ? [sql`department_id = ${departmentNamed(tenantKey)}`, sql`department_since = ${since(at)}`]
        : []),
      sql`version = version + 1`,
      sql`updated_at = max(updated_at, ${at})`,
    ];
    const leaving = alike.filter(({ leaves }) => leaves).map(({ row }) => row.id);
    const rows = alike.map(({ row }) => row);
    return [
      ...(leaving.length > 0 ? [endAttributesOf(tenantKey, JSON.stringify(leaving), at)] : []),
      ...jsonChunks(rows).flatMap((chunk) => [
        // By rowid: left to itself, the planner walks the tenant, and the list for each of its people.
        sql`UPDATE ${users} SET ${list(assignments)} FROM json_each(${chunk}) AS named
          WHERE ${users}.rowid = (SELECT person.rowid FROM ${users} AS person
            WHERE person.tenant_key = ${tenantKey} AND person.id = ${field("id")}
              AND person.version = ${field("version")})`,
        sql`INSERT INTO ${guards} (version) SELECT 0 WHERE changes() <> json_array_length(${chunk})`,
      ]),
    ];
  });
}

function adjustCounts(tenantKey: number, { inserted, updated }: WritePeople): SQL[] {
  const sum = (count: (user: UserDraft) => boolean) =>
    inserted.filter(count).length +
    updated.filter(({ after }) => count(after)).length -
    updated.filter(({ before }) => count(before)).length;
  const active = sum(({ keys }) => keys.active);
  const scim = sum(({ origin }) => origin === "scim");
  if (inserted.length === 0 && active === 0 && scim === 0) return [];
  return [
    sql`UPDATE ${tenantCounts} SET users = users + ${inserted.length}, users_active = users_active + ${active},
      users_scim = users_scim + ${scim} WHERE tenant_key = ${tenantKey}`,
  ];
}

type WritePeople = Extract<Write, { kind: "write-people" }>;

/** As many statements for 500 people as for one, but for each set of columns in which people change. */
export function writePeople(tenantKey: number, write: WritePeople, at: string): SQL[] {
  return [
    ...jsonChunks(write.departments).map((chunk) => ensureDepartments(tenantKey, chunk, at)),
    ...insertMany(tenantKey, write.inserted, at),
    ...updateMany(tenantKey, write.updated, at),
    ...adjustCounts(tenantKey, write),
    ...insertChanges(tenantKey, write.changes),
  ];
}
