import { sql, type SQL } from "drizzle-orm";

/** Rows of the journal that are traffic: what an IdP asked for, and neither an administrator nor a mere read. */
export const IS_TRAFFIC: SQL = sql`actor_kind = 'token' AND operation <> 'token'`;

/** The beginning of the hour of a row of the journal. */
export const HOUR: SQL = sql`substr(at, 1, 13) || ':00:00.000Z'`;

export const WRITES: SQL = sql`count(*) FILTER (WHERE outcome = 'applied')`;
export const REFUSED: SQL = sql`count(*) FILTER (WHERE outcome = 'refused')`;
