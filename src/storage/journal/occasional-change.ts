import { sql, type SQL } from "drizzle-orm";

import type { Change } from "../../journal/change.ts";
import { insertChangeFrom, MAX_REASON_CHARACTERS } from "./change-statement.ts";
import { changes, tenantCounts } from "../tables.ts";

/** How far back is looked for a row that says the same. */
const NEWEST_ROWS = 50;

/**
 * A row of the journal unless one of the newest says the same and is not older than `notSince`. `condition` may
 * ask for more.
 */
export function insertOccasionalChange(
  tenantKey: number,
  change: Change,
  notSince: string,
  condition: SQL = sql`1`,
): SQL {
  const alike = sql`SELECT 1 FROM (
      SELECT at, operation, resource_type, outcome, status, reason FROM ${changes}
      WHERE tenant_key = ${tenantKey} ORDER BY seq DESC LIMIT ${NEWEST_ROWS}
    ) WHERE at >= ${notSince} AND operation = ${change.operation} AND resource_type = ${change.resourceType}
      AND outcome = ${change.outcome} AND status = ${change.status}
      AND reason IS ${change.reason?.slice(0, MAX_REASON_CHARACTERS) ?? null}`;
  return insertChangeFrom(
    tenantKey,
    change,
    sql`SELECT '[]' AS diff WHERE ${condition} AND NOT EXISTS (${alike})`,
  );
}

export const selectScimUsers = (tenantKey: number): SQL =>
  sql`SELECT users_scim FROM ${tenantCounts} WHERE tenant_key = ${tenantKey}`;

/** Holds until SCIM has brought somebody. */
export const hasNoScimUser = (tenantKey: number): SQL => sql`(${selectScimUsers(tenantKey)}) = 0`;
