import { sql, type SQL } from "drizzle-orm";

import type { ChangeWithoutDiff, DepartmentStore } from "../../directory/departments/ports.ts";
import { readBack } from "../../directory/read-back.ts";
import { insertChangeFrom, selectChangeOf } from "../journal/change-statement.ts";
import { rowsOf } from "../d1/prepare.ts";
import { changes as journal, departmentMembers, departments, users } from "../tables.ts";
import type { TenantDatabase } from "../d1/tenant-database.ts";
import { endByHand } from "./assignment-statements.ts";
import { guardThat, isThere } from "./department-guards.ts";

/** More would not fit into the row of the journal: then it tells how many there were. */
const MAX_IDS_TOLD = 16;

/** The diff of those whom a query finds (in its column `id`); no row when there is nobody. */
const diffOf = (side: "before" | "after", people: SQL): SQL =>
  sql`SELECT json_array(json_object('attribute', 'members', ${side}, CASE WHEN count <= ${MAX_IDS_TOLD}
      THEN json_object('ids', json(ids)) ELSE json_object('count', count) END)) AS diff
    FROM (SELECT count(*) AS count, json_group_array(id) AS ids FROM (${people})) WHERE count > 0`;

const howMany = sql`SELECT changes() AS count`;

/**
 * Sets of rows: who is in already, or is not, stays as they are, and the rows of the journal come first, because
 * only before the writes can a statement tell whom they will really touch. Sent twice, it does nothing more.
 */
export async function assignByHand(
  database: TenantDatabase,
  id: string,
  people: Parameters<DepartmentStore["assign"]>[1],
  changes: Parameters<DepartmentStore["assign"]>[2],
): ReturnType<DepartmentStore["assign"]> {
  const { key } = database;
  const add = JSON.stringify(people.add);
  const remove = JSON.stringify(people.remove);
  const assigned = (userId: SQL) => sql`EXISTS (SELECT 1 FROM ${departmentMembers} AS present
    WHERE present.tenant_key = ${key} AND present.department_id = ${id} AND present.user_id = ${userId})`;
  const person = (userId: SQL) => sql`EXISTS (SELECT 1 FROM ${users}
    WHERE tenant_key = ${key} AND id = ${userId})`;
  const value = sql`named.value`;
  const coming = sql`SELECT DISTINCT named.value AS id FROM json_each(${add}) AS named
    WHERE ${person(value)} AND NOT ${assigned(value)}`;
  const going = sql`SELECT DISTINCT named.value AS id FROM json_each(${remove}) AS named
    WHERE ${assigned(value)}`;
  const areNamed = sql`user_id IN (SELECT value FROM json_each(${remove}))`;
  const strangers = sql`SELECT named.value AS id
    FROM json_each(${JSON.stringify([...people.add, ...people.remove])}) AS named WHERE NOT ${person(value)}`;
  const statements = [
    guardThat(isThere(key, id)),
    strangers,
    insertChangeFrom(key, changes.assign, diffOf("after", coming)),
    sql`INSERT INTO ${departmentMembers} (tenant_key, department_id, user_id, added_at)
      SELECT ${key}, ${id}, id, ${changes.assign.at} FROM (${coming}) WHERE 1 ON CONFLICT DO NOTHING`,
    howMany,
    insertChangeFrom(key, changes.unassign, diffOf("before", going)),
    endByHand(key, id, changes.unassign.at, areNamed),
    sql`DELETE FROM ${departmentMembers} WHERE tenant_key = ${key} AND department_id = ${id} AND ${areNamed}`,
    howMany,
    sql`UPDATE ${departments} SET orphaned_at = NULL, orphaned_run = NULL
      WHERE tenant_key = ${key} AND id = ${id} AND orphaned_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM ${departmentMembers} WHERE tenant_key = ${key} AND department_id = ${id})`,
  ];
  const trace = sql`${selectChangeOf(key, changes.assign)} UNION ALL ${selectChangeOf(key, changes.unassign)}`;
  const result = await database.write(statements, trace);
  if (result.kind !== "written") return { kind: "unknown" };
  const { unknown, added, removed } =
    result.results.length > 0
      ? answersIn(result.results)
      : await readAnswers(database, strangers, changes);
  const countIn = (one: D1Result | undefined) => rowsOf<{ count: number }>(one)[0]?.count ?? 0;
  return {
    kind: "assigned",
    counts: {
      added: countIn(added),
      removed: countIn(removed),
      unknown: rowsOf<{ id: string }>(unknown).map((row) => row.id),
    },
  };
}

type Answers = Readonly<Record<"unknown" | "added" | "removed", D1Result | undefined>>;

/** By the places of the statements in the transaction. */
const answersIn = ([, unknown, , , added, , , , removed]: readonly D1Result[]): Answers => ({
  unknown,
  added,
  removed,
});

/** What the lost answer of the transaction said: its rows in the journal tell how many there were. */
async function readAnswers(
  database: TenantDatabase,
  strangers: SQL,
  { assign, unassign }: Parameters<DepartmentStore["assign"]>[2],
): Promise<Answers> {
  const countOf = (change: ChangeWithoutDiff, side: "before" | "after") => {
    const told = sql.raw(`'$[0].${side}'`);
    return sql`SELECT coalesce(told ->> '$.count', json_array_length(told, '$.ids')) AS count
      FROM (SELECT diff -> ${told} AS told FROM ${journal} WHERE tenant_key = ${database.key}
        AND resource_id = ${change.resourceId} AND request_id = ${change.requestId}
        AND operation = ${change.operation})`;
  };
  const [unknown, added, removed] = await readBack(() =>
    database.read([strangers, countOf(assign, "after"), countOf(unassign, "before")]),
  );
  return { unknown, added, removed };
}
