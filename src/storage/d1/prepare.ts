import type { SQL } from "drizzle-orm";
import { CasingCache } from "drizzle-orm/casing";

/** D1 binds at most 100 values to a statement; a filter of 50 terms has more. */
const MAX_PARAMETERS = 100;

// Not drizzle's dialect of SQLite, which brings its whole query builder into the bundle.
const SQLITE = {
  casing: new CasingCache(),
  escapeName: (name: string) => `"${name.replaceAll('"', '""')}"`,
  escapeString: (text: string) => `'${text.replaceAll("'", "''")}'`,
  escapeParam: () => "?",
};

/** All values as one JSON array in one parameter: indexes still serve what is compared with them. */
const ONE_PARAMETER = {
  ...SQLITE,
  escapeParam: (index: number) => `json_extract(?1, '$[${index}]')`,
};

/**
 * A drizzle `sql` fragment as a D1 statement, every value bound. D1's own statements and not drizzle's
 * `batch`, which loses the parameters of raw queries.
 */
export function prepare(database: D1Database, query: SQL): D1PreparedStatement {
  const { sql, params } = query.toQuery(SQLITE);
  if (params.length <= MAX_PARAMETERS) return database.prepare(sql).bind(...params);
  return database.prepare(query.toQuery(ONE_PARAMETER).sql).bind(JSON.stringify(params));
}

/**
 * The rows of a result in the shape that the statement selects. The caller wrote the statement, and the
 * migrations guarantee the columns' types; nothing from outside decides what comes back.
 */
export function rowsOf<Row>(result: D1Result | undefined): Row[] {
  return (result?.results ?? []) as Row[];
}
