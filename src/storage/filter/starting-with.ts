import { sql, type SQL } from "drizzle-orm";

import { foldText } from "../../scim/fold.ts";

/** Comes behind every text that begins with the prefix: SQLite compares texts by their bytes. */
const LAST_CHARACTER = "\u{10FFFF}";

/** Where the texts of an indexed column begin and end that begin with a prefix. */
export const startingWith = (column: SQL, prefix: string) => ({
  from: sql`${column} >= ${prefix}`,
  to: sql`${column} < ${prefix + LAST_CHARACTER}`,
});

/**
 * The rows of a page that is walked in the order of a column of folded texts: those behind a key, where it is not the
 * first page, that begin with what is searched, in any letters.
 */
export function pageStartingWith(
  column: SQL,
  q: string | undefined,
  after: string | undefined,
): SQL {
  if (q === undefined) return sql`${column} > ${after ?? ""}`;
  const { from, to } = startingWith(column, foldText(q));
  // SQLite takes one lower bound for its search: the sign keeps it from taking the lower one.
  return after === undefined
    ? sql`${from} AND ${to}`
    : sql`${column} > ${after} AND ${to} AND +${from}`;
}
