import { sql } from "drizzle-orm";

import type { AlertKind } from "../../directory/alerts/alert.ts";
import type { AlertOutbox } from "../../directory/alerts/outbox.ts";
import { jobDatabase } from "../jobs/job-database.ts";
import { alerts } from "../notice-tables.ts";
import { tenantStates } from "../tables.ts";
import { staysHereOf } from "./stays-here-of.ts";

interface UnsentRow {
  tenant_key: number;
  tenant_id: string;
  id: string;
  kind: AlertKind;
  detail: string;
  raised_at: string;
  notify_email: string;
}

/** The alerts of one database that wait to be mailed. See `AlertOutbox` for what it promises. */
export function alertOutbox(database: D1Database): AlertOutbox {
  const work = jobDatabase(database, "send-alerts");

  return {
    lease: work.lease,

    async unsent(raisedAfter, limit) {
      // No preset names an address: whoever has one wrote it into the tenant's own settings.
      const query = sql`SELECT alert.tenant_key, tenant_id, alert.id, alert.kind, alert.detail, alert.raised_at,
          overrides ->> '$.notifyEmail' AS notify_email
        FROM ${alerts} AS alert INDEXED BY alerts_to_send
        CROSS JOIN ${tenantStates} AS tenant ON tenant.tenant_key = alert.tenant_key
        WHERE alert.notified_at IS NULL AND alert.raised_at > ${raisedAfter} AND alert.resolved_at IS NULL
          AND tenant.status = 'active' AND tenant.moving_to IS NULL
          AND overrides ->> '$.notifyEmail' IS NOT NULL
        ORDER BY alert.raised_at LIMIT ${limit}`;
      return (await work.read<UnsentRow>(query)).map((row) => ({
        tenantKey: row.tenant_key,
        tenantId: row.tenant_id,
        id: row.id,
        kind: row.kind,
        detail: row.detail,
        raisedAt: row.raised_at,
        notifyEmail: row.notify_email,
      }));
    },

    async markSent(sent, at) {
      const items = JSON.stringify(sent.map(({ tenantKey, id }) => [tenantKey, id]));
      await work.read(sql`UPDATE ${alerts} SET notified_at = ${at}
        FROM (SELECT value ->> 0 AS tenant_key, value ->> 1 AS id FROM json_each(${items})) AS named
        WHERE ${alerts}.tenant_key = named.tenant_key AND ${alerts}.id = named.id
          AND ${alerts}.notified_at IS NULL AND ${staysHereOf(sql`${alerts}`)}`);
    },
  };
}
