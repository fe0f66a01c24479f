import { sql } from "drizzle-orm";

import { MAX_NAME_CHARACTERS } from "../../directory/names-in.ts";
import type { PeopleViews } from "../../directory/people/ports.ts";
import { foldText } from "../../scim/fold.ts";
import { rowsOf } from "../d1/prepare.ts";
import type { TenantDatabase } from "../d1/tenant-database.ts";
import { parseDiff } from "../journal/change-rows.ts";
import { changes } from "../tables.ts";

type People = Parameters<PeopleViews["refusalsNaming"]>[0];
type Names = Omit<People, "ids">;

/** Rows that one statement looks through: others of the database have their turn in between. */
const PORTION = 10_000;
/** So much of a name that was cut counts: NFC makes one character of up to three. */
const CERTAIN_CHARACTERS = 60;

/** SQLite's lower() is not `foldText` there. */
const BEYOND_ASCII = "*[^ -~]*";

/** See `PeopleViews.refusalsNaming`. By the index of rows by id, where those without one are together. */
export async function refusalsNaming(database: TenantDatabase, people: People): Promise<number[]> {
  const names = await everNamed(database, people);
  const told = [...names.userNameKeys, ...names.externalIds].map((name) =>
    JSON.stringify(name.slice(0, MAX_NAME_CHARACTERS)),
  );
  const found: number[] = [];
  for (let after: number | undefined = 0; after !== undefined;) {
    const rows = sql`FROM ${changes} INDEXED BY changes_resource
      WHERE tenant_key = ${database.key} AND resource_id IS NULL AND seq > ${after} ORDER BY seq`;
    const [likely, last]: D1Result[] = await database.read([
      sql`SELECT seq, diff FROM (SELECT seq, outcome, resource_type, diff ${rows} LIMIT ${PORTION})
        WHERE outcome = 'refused' AND resource_type = 'User' AND (diff GLOB ${BEYOND_ASCII}
          OR EXISTS (SELECT 1 FROM json_each(${JSON.stringify(told)}) AS named
            WHERE instr(lower(diff), lower(named.value)) > 0))`,
      sql`SELECT seq ${rows} LIMIT 1 OFFSET ${PORTION - 1}`,
    ]);
    for (const { seq, diff } of rowsOf<{ seq: number; diff: string }>(likely)) {
      if (isNamed(diff, names)) found.push(seq);
    }
    after = rowsOf<{ seq: number }>(last)[0]?.seq;
  }
  return found;
}

/** Those of now, and those that the people's own rows tell: the undoing of an adoption gives an earlier name back. */
async function everNamed(database: TenantDatabase, people: People): Promise<Names> {
  const [own] = await database.read([
    sql`SELECT DISTINCT entry.value ->> 'attribute' AS attribute, side.value AS name
      FROM ${changes} INDEXED BY changes_resource, json_each(diff) AS entry, json_each(entry.value) AS side
      WHERE tenant_key = ${database.key}
        AND resource_id IN (SELECT value FROM json_each(${JSON.stringify(people.ids)}))
        AND entry.value ->> 'attribute' IN ('userName', 'externalId')
        AND side.key IN ('before', 'after') AND side.type = 'text'`,
  ]);
  const rows = rowsOf<{ attribute: string; name: string }>(own);
  const earlier = (wanted: string) =>
    rows.flatMap(({ attribute, name }) => (attribute === wanted ? [name] : []));
  const once = (all: readonly string[]) => [...new Set(all)];
  return {
    userNameKeys: once([...people.userNameKeys, ...earlier("userName").map(foldText)]),
    externalIds: once([...people.externalIds, ...earlier("externalId")]),
  };
}

const isNamed = (diff: string, { userNameKeys, externalIds }: Names): boolean =>
  parseDiff(diff).some((entry) => {
    if (!("attribute" in entry) || typeof entry.after !== "string") return false;
    const { attribute, after } = entry;
    return attribute === "userName"
      ? userNameKeys.some((key) => isCutFrom(foldText(after), after.length, key))
      : attribute === "externalId" &&
          externalIds.some((id) => id.slice(0, MAX_NAME_CHARACTERS) === after);
  });

/** Of a name that was cut, one that begins like it counts too: a row more is emptied rather than one less. */
const isCutFrom = (folded: string, length: number, key: string): boolean =>
  length < MAX_NAME_CHARACTERS
    ? folded === key
    : folded.slice(0, CERTAIN_CHARACTERS) === key.slice(0, CERTAIN_CHARACTERS);
