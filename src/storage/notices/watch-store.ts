import { sql, type SQL } from "drizzle-orm";

import type { AlertKind } from "../../directory/alerts/alert.ts";
import type { RaisedAlert, WatchedToken } from "../../directory/alerts/decide-alerts.ts";
import type { WatchStore } from "../../directory/alerts/watch.ts";
import { jobDatabase } from "../jobs/job-database.ts";
import { alerts, deactivations, deactivationWindows } from "../notice-tables.ts";
import { prepare, rowsOf } from "../prepare.ts";
import { changes, credentials, tenantStates } from "../tables.ts";
import { withRetry } from "../with-retry.ts";
import { raiseAlertWhere, resolveAlerts } from "./alert-statements.ts";
import { staysHereOf } from "./stays-here-of.ts";

const HOUR_MS = 60 * 60_000;
/** Refused rows of the journal that are looked at; a healthy tenant has none and costs one row. */
const REFUSED_ROWS = 500;
/** Beyond four times the refused ones it makes no difference how many more there are. */
const ROWS_PER_REFUSED = 4;
const FORGET_ROWS = 10_000;

interface TenantRow {
  tenant_key: number;
  refused: number;
  total: number;
  last_used_at: string | null;
  has_token: number;
}

interface TokenRow {
  tenant_key: number;
  id: string;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
}

interface AlertRow {
  tenant_key: number;
  kind: AlertKind;
  subject: string;
  raised_at: string;
  resolved_at: string | null;
}

const tokenOf = (row: TokenRow): WatchedToken => ({
  id: row.id,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
});

const alertOf = (row: AlertRow): RaisedAlert => ({
  kind: row.kind,
  subject: row.subject,
  raisedAt: row.raised_at,
  resolvedAt: row.resolved_at,
});

function byTenant<Row extends { tenant_key: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const found = new Map<number, Row[]>();
  for (const row of rows) found.set(row.tenant_key, [...(found.get(row.tenant_key) ?? []), row]);
  return found;
}

/** The newest rows of a tenant's journal that are of the last hour, so many at most. */
const newest = (index: SQL, condition: SQL, since: string, limit: SQL): SQL =>
  sql`(SELECT count(*) FROM (SELECT at FROM ${changes} ${index} WHERE tenant_key = page.tenant_key ${condition}
    ORDER BY seq DESC LIMIT ${limit}) WHERE at >= ${since})`;

/** The tenants of one database for the watch job. See `WatchStore` for what it promises. */
export function watchStore(database: D1Database): WatchStore {
  const work = jobDatabase(database, "watch-tenants");

  return {
    lease: work.lease,

    async lastTenant() {
      const query = sql`SELECT coalesce(max(tenant_key), 0) AS last FROM ${tenantStates}`;
      return (await work.read<{ last: number }>(query))[0]?.last ?? 0;
    },

    async tenantsAfter(cursor, limit, now) {
      const page = sql`(SELECT tenant_key FROM ${tenantStates}
        WHERE tenant_key > ${cursor} AND status = 'active' AND moving_to IS NULL ORDER BY tenant_key LIMIT ${limit}) AS page`;
      const since = new Date(Date.parse(now) - HOUR_MS).toISOString();
      const refused = newest(
        sql`INDEXED BY changes_refused`,
        sql`AND outcome = 'refused'`,
        since,
        sql`${REFUSED_ROWS}`,
      );
      const total = newest(sql``, sql``, since, sql`${ROWS_PER_REFUSED} * page.refused`);
      const ofTenant = sql`${credentials} WHERE ${credentials}.tenant_key = page.tenant_key`;
      const queries = [
        sql`SELECT page.*, ${total} AS total,
            (SELECT max(last_used_at) FROM ${ofTenant}) AS last_used_at,
            EXISTS (SELECT 1 FROM ${ofTenant} AND revoked_at IS NULL) AS has_token
          FROM (SELECT tenant_key, ${refused} AS refused FROM ${page}) AS page ORDER BY tenant_key`,
        sql`SELECT token.tenant_key, id, created_at, expires_at, last_used_at
          FROM ${page} CROSS JOIN ${credentials} AS token ON token.tenant_key = page.tenant_key
          WHERE revoked_at IS NULL
            AND (expires_at IS NULL OR julianday(expires_at) - julianday(created_at) > 1)`,
        sql`SELECT alert.tenant_key, kind, subject, raised_at, resolved_at
          FROM ${page} CROSS JOIN ${alerts} AS alert ON alert.tenant_key = page.tenant_key
          WHERE kind IN ('errors', 'silence', 'expiring-token')`,
      ];
      const [tenants, tokens, raised] = await withRetry(() =>
        database.batch(queries.map((query) => prepare(database, query))),
      );
      const tokensOf = byTenant(rowsOf<TokenRow>(tokens));
      const alertsOf = byTenant(rowsOf<AlertRow>(raised));
      return rowsOf<TenantRow>(tenants).map((row) => ({
        tenantKey: row.tenant_key,
        facts: {
          writes: { refused: row.refused, total: row.total },
          lastUsedAt: row.last_used_at,
          hasToken: row.has_token === 1,
          tokens: (tokensOf.get(row.tenant_key) ?? []).map(tokenOf),
          alerts: (alertsOf.get(row.tenant_key) ?? []).map(alertOf),
        },
      }));
    },

    async apply(fencing, decisions, alertIdOf, now) {
      const written = await work.write(
        fencing,
        decisions.flatMap(({ tenantKey, decision }) => [
          ...decision.resolve.map((alert) => resolveAlerts(tenantKey, alert, now)),
          ...decision.raise.map((alert) =>
            raiseAlertWhere(tenantKey, { ...alert, id: alertIdOf(alert), raisedAt: now }),
          ),
        ]),
      );
      return written.kind === "written" ? "done" : "lease-lost";
    },

    async forgetOldDeactivations(fencing) {
      // Which one is running is asked of each tenant that has a window, and that is a row each.
      await work.write(fencing, [
        sql`DELETE FROM ${deactivations} WHERE (tenant_key, window_started_at, user_id) IN (
          SELECT counted.tenant_key, counted.window_started_at, counted.user_id
          FROM ${deactivationWindows} AS running CROSS JOIN ${deactivations} AS counted
            ON counted.tenant_key = running.tenant_key AND counted.window_started_at < running.started_at
          WHERE ${staysHereOf(sql`running`)}
          LIMIT ${FORGET_ROWS})`,
      ]);
    },
  };
}
