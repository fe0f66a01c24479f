import { sql, type SQL } from "drizzle-orm";

/** 40,000 ids are 1.56 MB of JSON; D1 takes strings up to 2,000,000 bytes. */
const IDS_PER_STATEMENT = 40_000;

/** Ids as JSON arrays, each of them short enough for one statement. */
export function idChunks(ids: readonly string[]): string[] {
  const chunks: string[] = [];
  for (let start = 0; start < ids.length; start += IDS_PER_STATEMENT) {
    chunks.push(JSON.stringify(ids.slice(start, start + IDS_PER_STATEMENT)));
  }
  return chunks;
}

/**
 * Tables of ids in the column `value`, each short enough for one statement. Entra sends a request for each
 * member, and D1 bills a row more for a list of one than for the one.
 */
export function idTables(ids: readonly string[]): SQL[] {
  const [only, ...others] = ids;
  return only !== undefined && others.length === 0
    ? [sql`(SELECT ${only} AS value)`]
    : idChunks(ids).map((chunk) => sql`json_each(${chunk})`);
}

/** Conditions that hold for the ids, to stand behind a column. D1 bills three rows less for `=`. */
export function areAmong(ids: readonly string[]): SQL[] {
  const [only, ...others] = ids;
  return only !== undefined && others.length === 0
    ? [sql`= ${only}`]
    : idChunks(ids).map((chunk) => sql`IN (SELECT value FROM json_each(${chunk}))`);
}
