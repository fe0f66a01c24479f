import { sql, type SQL } from "drizzle-orm";

import type { JournalPart, TrafficStore } from "../../directory/traffic/ports.ts";
import { traffic, trafficCursors } from "../job-tables.ts";
import { jobDatabase } from "../jobs/job-database.ts";
import { changes, guards, tenantStates } from "../tables.ts";
import { HOUR, IS_TRAFFIC, REFUSED, WRITES } from "./traffic-rows.ts";

interface PartRow {
  tenant_key: number;
  counted: number;
  last: number;
}

/** The guards: every part begins where its tenant's cursor is, and its tenant is served from here. */
function requireParts(parts: SQL): SQL[] {
  return [
    sql`INSERT INTO ${guards} (fence) SELECT 0 FROM ${parts} LEFT JOIN ${tenantStates} AS home
      ON home.tenant_key = part.value ->> 'tenantKey'
      WHERE home.tenant_key IS NULL OR home.moving_to IS NOT NULL LIMIT 1`,
    sql`INSERT INTO ${guards} (version) SELECT 0 FROM ${parts} LEFT JOIN ${trafficCursors} AS known
      ON known.tenant_key = part.value ->> 'tenantKey'
      WHERE coalesce(known.seq, 0) <> part.value ->> 'from' LIMIT 1`,
  ];
}

export function trafficStore(d1: D1Database): TrafficStore {
  const jobs = jobDatabase(d1, "roll-up-traffic");
  return {
    lease: jobs.lease,

    async uncounted(limit) {
      const rows = await jobs.read<PartRow>(
        sql`SELECT * FROM (
            SELECT home.tenant_key, coalesce(known.seq, 0) AS counted,
              (SELECT seq FROM ${changes} WHERE tenant_key = home.tenant_key ORDER BY seq DESC LIMIT 1) AS last
            FROM ${tenantStates} AS home LEFT JOIN ${trafficCursors} AS known
              ON known.tenant_key = home.tenant_key
            WHERE home.moving_to IS NULL
          ) WHERE last > counted LIMIT ${limit}`,
      );
      return rows.map((row): JournalPart => ({
        tenantKey: row.tenant_key,
        from: row.counted,
        to: row.last,
      }));
    },

    async count(fencing, parts) {
      const named = sql`json_each(${JSON.stringify(parts)}) AS part`;
      const outcome = await jobs.write(fencing, [
        ...requireParts(named),
        sql`INSERT INTO ${traffic} (tenant_key, hour, writes, refused)
          SELECT ${changes}.tenant_key, ${HOUR}, ${WRITES}, ${REFUSED}
          FROM ${named} CROSS JOIN ${changes} ON ${changes}.tenant_key = part.value ->> 'tenantKey'
            AND ${changes}.seq > part.value ->> 'from' AND ${changes}.seq <= part.value ->> 'to'
          WHERE ${IS_TRAFFIC} GROUP BY 1, 2
          ON CONFLICT DO UPDATE SET writes = writes + excluded.writes, refused = refused + excluded.refused`,
        sql`INSERT INTO ${trafficCursors} (tenant_key, seq)
          SELECT part.value ->> 'tenantKey', part.value ->> 'to' FROM ${named} WHERE true
          ON CONFLICT DO UPDATE SET seq = excluded.seq`,
      ]);
      return outcome.kind === "written" ? "counted" : "overtaken";
    },
  };
}
