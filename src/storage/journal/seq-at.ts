import { sql, type SQL } from "drizzle-orm";

import { changes } from "../tables.ts";

/**
 * A row's time is when its request arrived, and its number is given when it is written: a long request or another
 * place's clock puts rows out of the order of time. None is out by more than this.
 */
const DISORDER_MS = 10 * 60_000;

const shifted = (time: string, by: number): string => new Date(Date.parse(time) + by).toISOString();

/** The number of the first row at or behind a time, found by halving; an expression that reads some 40 rows. */
export function firstAt(tenantKey: number, time: string): SQL {
  const ofTenant = sql`tenant_key = ${tenantKey}`;
  const middle = sql`(low + high) / 2`;
  const isEarly = sql`(SELECT at FROM ${changes} WHERE ${ofTenant} AND seq >= ${middle} ORDER BY seq LIMIT 1) < ${time}`;
  return sql`(WITH RECURSIVE hunt(low, high) AS (
      SELECT (SELECT seq FROM ${changes} WHERE ${ofTenant} ORDER BY seq LIMIT 1),
        (SELECT seq FROM ${changes} WHERE ${ofTenant} ORDER BY seq DESC LIMIT 1) + 1
      UNION ALL
      SELECT CASE WHEN ${isEarly} THEN ${middle} + 1 ELSE low END,
        CASE WHEN ${isEarly} THEN high ELSE ${middle} END
      FROM hunt WHERE low < high)
    SELECT low FROM hunt WHERE low = high)`;
}

/** No row before this number is of that time or later. Null in an empty journal. */
export const earliestSeq = (tenantKey: number, since: string): SQL =>
  firstAt(tenantKey, shifted(since, -DISORDER_MS));

/** No row from this number on is of that time or earlier. Null in an empty journal. */
export const latestSeq = (tenantKey: number, until: string): SQL =>
  firstAt(tenantKey, shifted(until, DISORDER_MS));
