import { sql, type SQL } from "drizzle-orm";

import type { AlertKind } from "../../directory/alerts/alert.ts";
import {
  REFUSED_AT_LEAST,
  type RaisedAlert,
  type WatchedToken,
} from "../../directory/alerts/decide-alerts.ts";
import type { WatchStore } from "../../directory/alerts/watch.ts";
import { jobDatabase } from "../jobs/job-database.ts";
import { alerts, deactivations, deactivationWindows } from "../notice-tables.ts";
import { prepare, rowsOf } from "../d1/prepare.ts";
import { changes, credentials, tenantStates } from "../tables.ts";
import { withRetry } from "../d1/with-retry.ts";
import { OF_SCIM } from "../tenancy/of-scim.ts";
import { IS_TRAFFIC } from "../traffic/traffic-rows.ts";
import { raiseAlertWhere, resolveAlerts } from "./alert-statements.ts";
import { staysHereOf } from "./stays-here-of.ts";

const HOUR_MS = 60 * 60_000;
/** Of a busy hour, the newest rows of the journal speak for all. */
const NEWEST_WRITES = 2_000;
/** Rows of the journal that are looked through for them. */
const MAX_ROWS = 10_000;
const FORGET_ROWS = 10_000;

interface TenantRow {
  tenant_key: number;
  writes: string;
  last_used_at: string | null;
  has_token: number;
}

interface TokenRow {
  tenant_key: number;
  id: string;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  issued_until: string | null;
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
  isRotated: row.expires_at !== row.issued_until,
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

/**
 * `[refused, total]` of the last hour, as JSON. Looks at refusals through their own index first: a tenant that has
 * few costs a few rows, however much it writes.
 */
function writesSince(since: string): SQL {
  const newest = (what: SQL, limit: number) =>
    sql`SELECT at, outcome FROM ${changes} ${what} AND ${IS_TRAFFIC} ORDER BY seq DESC LIMIT ${limit}`;
  const ofTenant = sql`WHERE tenant_key = page.tenant_key`;
  // An administrator's import is no traffic, and may stand in front of all of it.
  const near = sql`seq > (SELECT seq FROM ${changes} ${ofTenant} ORDER BY seq DESC LIMIT 1) - ${MAX_ROWS}`;
  const refused = sql`(SELECT count(*) FROM (${newest(
    sql`INDEXED BY changes_refused ${ofTenant} AND outcome = 'refused'`,
    REFUSED_AT_LEAST,
  )}) WHERE at >= ${since})`;
  return sql`CASE WHEN ${refused} < ${REFUSED_AT_LEAST} THEN '[0,0]' ELSE (
    SELECT json_array(coalesce(sum(outcome = 'refused'), 0), count(*))
    FROM (${newest(sql`${ofTenant} AND ${near}`, NEWEST_WRITES)}) WHERE at >= ${since}) END`;
}

/** The guarantee of the cast: the statement above wrote this text. */
const parseWrites = (text: string) => JSON.parse(text) as [refused: number, total: number];

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
      const ofTenant = sql`${credentials} WHERE ${credentials}.tenant_key = page.tenant_key AND ${OF_SCIM}`;
      const queries = [
        sql`SELECT tenant_key, ${writesSince(since)} AS writes,
            (SELECT max(last_used_at) FROM ${ofTenant}) AS last_used_at,
            EXISTS (SELECT 1 FROM ${ofTenant} AND revoked_at IS NULL) AS has_token
          FROM ${page} ORDER BY tenant_key`,
        sql`SELECT token.tenant_key, id, created_at, expires_at, last_used_at, issued_until
          FROM ${page} CROSS JOIN ${credentials} AS token ON token.tenant_key = page.tenant_key
          WHERE ${OF_SCIM} AND revoked_at IS NULL
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
      return rowsOf<TenantRow>(tenants).map((row) => {
        const [refused, total] = parseWrites(row.writes);
        return {
          tenantKey: row.tenant_key,
          facts: {
            writes: { refused, total },
            lastUsedAt: row.last_used_at,
            hasToken: row.has_token === 1,
            tokens: (tokensOf.get(row.tenant_key) ?? []).map(tokenOf),
            alerts: (alertsOf.get(row.tenant_key) ?? []).map(alertOf),
          },
        };
      });
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
