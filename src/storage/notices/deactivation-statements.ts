import { sql, type SQL } from "drizzle-orm";

import type { DeactivationLimit } from "../../directory/deactivations/is-mass-deactivation.ts";
import type { Guard } from "../../directory/ports.ts";
import { deactivations, deactivationWindows } from "../notice-tables.ts";
import { guards, tenantCounts } from "../tables.ts";

/** `isMassDeactivation` in SQL. */
export const exceedsLimit = (people: SQL, activeAtStart: SQL, limit: DeactivationLimit): SQL =>
  sql`(${people} > ${limit.people} AND ${people} * 100 > ${limit.percent} * ${activeAtStart})`;

/**
 * Opens the window or rolls one that has ended, counts the person in it unless they have been, and undoes the
 * whole batch when they are too many. Each statement builds on the one before it. In a released window nobody is
 * counted.
 */
export function fewDeactivations(
  tenantKey: number,
  { userId, limit, windowsEndedBefore }: Extract<Guard, { kind: "few-deactivations" }>,
  at: string,
): SQL[] {
  const counting = sql`FROM ${deactivationWindows} WHERE tenant_key = ${tenantKey} AND released = 0`;
  return [
    sql`INSERT INTO ${deactivationWindows} (tenant_key, started_at, active_at_start, people)
      SELECT tenant_key, ${at}, users_active, 0 FROM ${tenantCounts} WHERE tenant_key = ${tenantKey}
      ON CONFLICT (tenant_key) DO UPDATE SET started_at = excluded.started_at,
        active_at_start = excluded.active_at_start, people = 0, released = 0
      WHERE tripped_at IS NULL AND started_at <= ${windowsEndedBefore}`,
    sql`INSERT INTO ${deactivations} (tenant_key, window_started_at, user_id)
      SELECT tenant_key, started_at, ${userId} ${counting} ON CONFLICT DO NOTHING`,
    sql`UPDATE ${deactivationWindows} SET people = people + 1
      WHERE tenant_key = ${tenantKey} AND changes() > 0`,
    sql`INSERT INTO ${guards} (few_deactivations)
      SELECT 0 ${counting} AND ${exceedsLimit(sql`people`, sql`active_at_start`, limit)}`,
  ];
}
