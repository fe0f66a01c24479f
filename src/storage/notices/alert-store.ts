import { sql } from "drizzle-orm";

import type { Alert, AlertKind } from "../../directory/alerts/alert.ts";
import type { AlertStore } from "../../directory/alerts/ports.ts";
import type { LiveTenant } from "../../tenancy/tenant.ts";
import { insertChange, selectChangeOf } from "../journal/change-statement.ts";
import { alerts, deactivationWindows } from "../notice-tables.ts";
import { rowsOf } from "../d1/prepare.ts";
import { sameVersion } from "../d1/same-version.ts";
import { tenantDatabase } from "../d1/tenant-database.ts";
import { raiseAlertWhere } from "./alert-statements.ts";

interface AlertRow {
  id: string;
  kind: AlertKind;
  subject: string;
  detail: string;
  raised_at: string;
  resolved_at: string | null;
}

const columns = sql`id, kind, subject, detail, raised_at, resolved_at`;

const alertOf = (row: AlertRow): Alert => ({
  id: row.id,
  kind: row.kind,
  subject: row.subject,
  detail: row.detail,
  raisedAt: row.raised_at,
  resolvedAt: row.resolved_at,
});

/** The alerts of one tenant. See `AlertStore` for what it promises. */
export function alertStore(d1: D1Database, tenant: LiveTenant): AlertStore {
  const database = tenantDatabase(d1, tenant);
  const { key } = database;

  return {
    async raise(alert) {
      await database.write([raiseAlertWhere(key, alert)]);
    },

    async list(page) {
      const before = page.cursor === undefined ? sql`` : sql` AND id < ${page.cursor}`;
      const { open } = page;
      const state =
        open === undefined
          ? sql``
          : sql` AND resolved_at ${open ? sql`IS NULL` : sql`IS NOT NULL`}`;
      // Ids rise with the time they were made: newest first is the key backwards.
      const [found] = await database.read([
        sql`SELECT ${columns} FROM ${alerts} WHERE tenant_key = ${key}${before}${state}
          ORDER BY id DESC LIMIT ${page.limit + 1}`,
      ]);
      const rows = rowsOf<AlertRow>(found);
      const shown = rows.slice(0, page.limit);
      return {
        items: shown.map(alertOf),
        nextCursor: rows.length > page.limit ? shown.at(-1)?.id : undefined,
      };
    },

    async find(id) {
      const [found] = await database.read([
        sql`SELECT ${columns} FROM ${alerts} WHERE tenant_key = ${key} AND id = ${id}`,
      ]);
      const [row] = rowsOf<AlertRow>(found);
      return row && alertOf(row);
    },

    async resolve(id, change) {
      const { at } = change;
      const result = await database.write(
        [
          ...sameVersion(sql`UPDATE ${alerts} SET resolved_at = ${at}
            WHERE tenant_key = ${key} AND id = ${id} AND resolved_at IS NULL`),
          // Released, the window begins anew, and ends after its minutes like any other.
          sql`UPDATE ${deactivationWindows} SET released = 1, tripped_at = NULL, people = 0, started_at = ${at}
            WHERE tenant_key = ${key} AND tripped_at IS NOT NULL AND EXISTS (
              SELECT 1 FROM ${alerts} WHERE tenant_key = ${key} AND id = ${id} AND kind = 'guard')`,
          insertChange(key, change),
        ],
        selectChangeOf(key, change),
      );
      return result.kind === "written" ? "resolved" : "stale";
    },
  };
}
