import { sql } from "drizzle-orm";

import { MAX_NAME_CHARACTERS } from "../../directory/names-in.ts";
import type { SearchedKeys } from "../../directory/people/ports.ts";
import { foldText } from "../../scim/fold.ts";
import { rowsOf } from "../d1/prepare.ts";
import type { TenantDatabase } from "../d1/tenant-database.ts";
import { parseDiff } from "../journal/change-rows.ts";
import { changes } from "../tables.ts";

type Names = Pick<SearchedKeys, "userNameKeys" | "externalIds">;

/** Rows that one statement looks through: others of the database have their turn in between. */
const PORTION = 10_000;
/** So much of a name that was cut counts: NFC makes one character of up to three. */
const CERTAIN_CHARACTERS = 60;

/** SQLite's lower() is not `foldText` there. */
const BEYOND_ASCII = "*[^ -~]*";

/** See `PeopleViews.refusalsNaming`. By the index of rows by id, where those without one are together. */
export async function refusalsNaming(database: TenantDatabase, names: Names): Promise<number[]> {
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
