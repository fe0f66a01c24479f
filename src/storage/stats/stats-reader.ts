import { sql, type SQL } from "drizzle-orm";

import type { StatsReader, TenantStats, TrafficHour } from "../../directory/stats/ports.ts";
import type { Settings } from "../../tenancy/settings.ts";
import type { LiveTenant } from "../../tenancy/tenant.ts";
import { isShown } from "../departments/department-rows.ts";
import { traffic, trafficCursors } from "../job-tables.ts";
import { invitations } from "../notice-tables.ts";
import { rowsOf } from "../d1/prepare.ts";
import { changes, credentials, departments, tenantCounts } from "../tables.ts";
import { tenantDatabase } from "../d1/tenant-database.ts";
import { OF_SCIM } from "../tenancy/of-scim.ts";
import { HOUR, IS_TRAFFIC, REFUSED, WRITES } from "../traffic/traffic-rows.ts";

/** Rows of the journal that are looked through for one answer. The roll-up leaves far less behind. */
const MAX_ROWS = 10_000;

interface CountsRow {
  users: number;
  users_active: number;
  users_scim: number;
  groups: number;
}

interface UseRow {
  used_at: string | null;
  used_by: string | null;
  first_hour: string | null;
  last_hour: string | null;
  first_write: string | null;
  last_write: string | null;
  last_row: string | null;
}

const latest = (...times: (string | null | undefined)[]): string | null =>
  times.reduce<string | null>((last, time) => (time && time > (last ?? "") ? time : last), null);

/** The numbers of one tenant in its D1 database. */
export function statsReader(d1: D1Database, tenant: LiveTenant, settings: Settings): StatsReader {
  const database = tenantDatabase(d1, tenant);
  const { key } = database;
  const ofTenant = sql`tenant_key = ${key}`;
  // Numbers have no gaps, so that a distance between two of them is a count.
  const near = sql`(SELECT coalesce(max(seq), 0) FROM ${changes} WHERE ${ofTenant}) - ${MAX_ROWS}`;
  const counted = sql`coalesce((SELECT seq FROM ${trafficCursors} WHERE ${ofTenant}), 0)`;
  // One bound: of two the planner takes one, and reads all that the other one would have left out.
  const unrolled = sql`FROM ${changes} WHERE ${ofTenant} AND seq > max(${near}, ${counted}) AND ${IS_TRAFFIC}`;

  const rolled = (since: string): SQL =>
    sql`SELECT hour, writes, refused FROM ${traffic} WHERE ${ofTenant} AND hour >= ${since}
      UNION ALL SELECT ${HOUR} AS hour, ${WRITES} AS writes, ${REFUSED} AS refused ${unrolled}
        AND at >= ${since} GROUP BY 1`;

  const hourWithWrites = (order: SQL) =>
    sql`(SELECT hour FROM ${traffic} WHERE ${ofTenant} AND writes > 0 ORDER BY hour ${order} LIMIT 1)`;
  const row = (condition: SQL) =>
    sql`(SELECT at FROM ${changes} WHERE ${ofTenant} AND seq > ${near} AND ${condition} ORDER BY seq DESC LIMIT 1)`;

  async function stats(since: string): Promise<TenantStats> {
    const [counts, shown, invited, use, recent] = await database.read([
      sql`SELECT users, users_active, users_scim, groups FROM ${tenantCounts} WHERE ${ofTenant}`,
      sql`SELECT count(*) AS total, count(orphaned_at) AS orphaned FROM ${departments} AS department
        WHERE ${ofTenant} AND ${isShown(key, settings)}`,
      sql`SELECT state, count(*) AS count FROM ${invitations} WHERE ${ofTenant} GROUP BY state`,
      sql`SELECT (SELECT max(last_used_at) FROM ${credentials} WHERE ${ofTenant} AND ${OF_SCIM}) AS used_at,
        (SELECT last_used_by FROM ${credentials} WHERE ${ofTenant} AND ${OF_SCIM} AND last_used_by IS NOT NULL
          ORDER BY last_used_at DESC LIMIT 1) AS used_by,
        ${hourWithWrites(sql`ASC`)} AS first_hour, ${hourWithWrites(sql`DESC`)} AS last_hour,
        (SELECT at ${unrolled} AND outcome = 'applied' ORDER BY seq LIMIT 1) AS first_write,
        ${row(sql`${IS_TRAFFIC} AND outcome = 'applied'`)} AS last_write,
        ${row(sql`actor_kind = 'token'`)} AS last_row`,
      sql`SELECT coalesce(sum(writes), 0) AS writes, coalesce(sum(refused), 0) AS refused
        FROM (${rolled(since)})`,
    ]);
    const [total] = rowsOf<CountsRow>(counts);
    const [known] = rowsOf<UseRow>(use);
    const [inTime] = rowsOf<TenantStats["recent"]>(recent);
    const [ofDepartments] = rowsOf<TenantStats["departments"]>(shown);
    const states = new Map(
      rowsOf<{ state: string; count: number }>(invited).map(({ state, count }) => [state, count]),
    );
    const inState = (state: string) => states.get(state) ?? 0;
    const lastWriteAt = known?.last_write ?? known?.last_hour ?? null;
    return {
      status: tenant.status,
      users: {
        total: total?.users ?? 0,
        active: total?.users_active ?? 0,
        scim: total?.users_scim ?? 0,
      },
      groups: total?.groups ?? 0,
      departments: ofDepartments ?? { total: 0, orphaned: 0 },
      invitations: {
        queued: inState("queued"),
        sent: inState("sent"),
        failed: inState("failed"),
        accepted: inState("accepted"),
      },
      lastRequestAt: latest(known?.used_at, known?.last_row, lastWriteAt),
      firstWriteAt: known?.first_hour ?? known?.first_write ?? null,
      lastWriteAt,
      idp: known?.used_by ?? null,
      recent: inTime ?? { writes: 0, refused: 0 },
    };
  }

  return {
    stats,
    async traffic(since) {
      const [found] = await database.read([
        sql`SELECT hour AS at, sum(writes) AS writes, sum(refused) AS refused FROM (${rolled(since)})
          GROUP BY hour ORDER BY hour`,
      ]);
      return rowsOf<TrafficHour>(found);
    },
  };
}
