import type { SQL } from "drizzle-orm";
import { SQLiteSyncDialect } from "drizzle-orm/sqlite-core";

/** D1 binds at most 100 values to a statement; a filter of 50 terms has more. */
const MAX_PARAMETERS = 100;

/** All values as one JSON array in one parameter: indexes still serve what is compared with them. */
class OneParameterDialect extends SQLiteSyncDialect {
  override escapeParam(index: number): string {
    return `json_extract(?1, '$[${index}]')`;
  }
}

const dialect = new SQLiteSyncDialect();
const oneParameterDialect = new OneParameterDialect();

/**
 * A drizzle `sql` fragment as a D1 statement, every value bound. D1's own statements and not drizzle's
 * `batch`, which loses the parameters of raw queries.
 */
export function prepare(database: D1Database, query: SQL): D1PreparedStatement {
  const { sql, params } = dialect.sqlToQuery(query);
  if (params.length <= MAX_PARAMETERS) return database.prepare(sql).bind(...params);
  return database.prepare(oneParameterDialect.sqlToQuery(query).sql).bind(JSON.stringify(params));
}

/**
 * The rows of a result in the shape that the statement selects. The caller wrote the statement, and the
 * migrations guarantee the columns' types; nothing from outside decides what comes back.
 */
export function rowsOf<Row>(result: D1Result | undefined): Row[] {
  return (result?.results ?? []) as Row[];
}
