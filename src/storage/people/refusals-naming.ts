import { sql } from "drizzle-orm";

import type { PeopleViews } from "../../directory/people/ports.ts";
import { foldText } from "../../scim/fold.ts";
import { rowsOf } from "../d1/prepare.ts";
import type { TenantDatabase } from "../d1/tenant-database.ts";
import { parseDiff } from "../journal/change-rows.ts";
import { changes } from "../tables.ts";

/** Rows that one statement looks through: others of the database have their turn in between. */
const PORTION = 10_000;

/** Less than is kept of any name (`namesIn`), also where NFC makes one character of three. */
const COMPARED_CHARACTERS = 60;
const keyOf = (name: string): string => foldText(name).slice(0, COMPARED_CHARACTERS);

/** SQLite's lower() is not `foldText` there. */
const BEYOND_ASCII = "*[^ -~]*";

/**
 * See `PeopleViews.refusalsNaming`. By the index of rows by id, where those without one are together. Letter case and
 * the end of a long name do not count: a row more is emptied rather than one less.
 */
export async function refusalsNaming(
  database: TenantDatabase,
  { ids, names }: Parameters<PeopleViews["refusalsNaming"]>[0],
): Promise<number[]> {
  const ofTenant = sql`${changes} INDEXED BY changes_resource`;
  // The undoing of an adoption, for one, gives an earlier name back.
  const [own] = await database.read([
    sql`SELECT DISTINCT side.value AS name FROM ${ofTenant}, json_each(diff) AS entry, json_each(entry.value) AS side
      WHERE tenant_key = ${database.key} AND resource_id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))
        AND entry.value ->> 'attribute' IN ('userName', 'externalId')
        AND side.key IN ('before', 'after') AND side.type = 'text'`,
  ]);
  const earlier = rowsOf<{ name: string }>(own).map(({ name }) => name);
  const keys = new Set([...names, ...earlier].map(keyOf));
  const told = JSON.stringify([...keys].map((key) => JSON.stringify(key).slice(0, -1)));
  const found: number[] = [];
  for (let after: number | undefined = 0; after !== undefined;) {
    const rows = sql`FROM ${ofTenant}
      WHERE tenant_key = ${database.key} AND resource_id IS NULL AND seq > ${after} ORDER BY seq`;
    const [likely, last]: D1Result[] = await database.read([
      sql`SELECT seq, diff FROM (SELECT seq, outcome, resource_type, diff ${rows} LIMIT ${PORTION})
        WHERE outcome = 'refused' AND resource_type = 'User' AND (diff GLOB ${BEYOND_ASCII}
          OR EXISTS (SELECT 1 FROM json_each(${told}) AS named WHERE instr(lower(diff), named.value) > 0))`,
      sql`SELECT seq ${rows} LIMIT 1 OFFSET ${PORTION - 1}`,
    ]);
    for (const { seq, diff } of rowsOf<{ seq: number; diff: string }>(likely)) {
      const isNamed = parseDiff(diff).some(
        (entry) => "after" in entry && keys.has(keyOf(String(entry.after))),
      );
      if (isNamed) found.push(seq);
    }
    after = rowsOf<{ seq: number }>(last)[0]?.seq;
  }
  return found;
}
