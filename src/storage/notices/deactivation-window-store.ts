import { sql } from "drizzle-orm";

import type { DeactivationWindows } from "../../directory/deactivations/ports.ts";
import type { LiveTenant } from "../../tenancy/tenant.ts";
import { deactivationWindows } from "../notice-tables.ts";
import { rowsOf } from "../d1/prepare.ts";
import { tenantDatabase } from "../d1/tenant-database.ts";
import { raiseAlertWhere } from "./alert-statements.ts";

interface WindowRow {
  started_at: string;
  active_at_start: number;
  people: number;
  tripped_at: string | null;
  released: number;
}

/** The mass-deactivation guard of one tenant. See `DeactivationWindows` for what it promises. */
export function deactivationWindowStore(d1: D1Database, tenant: LiveTenant): DeactivationWindows {
  const database = tenantDatabase(d1, tenant);
  const { key } = database;

  return {
    async current() {
      const [found] = await database.read([
        sql`SELECT started_at, active_at_start, people, tripped_at, released
          FROM ${deactivationWindows} WHERE tenant_key = ${key}`,
      ]);
      const [row] = rowsOf<WindowRow>(found);
      return (
        row && {
          startedAt: row.started_at,
          activeAtStart: row.active_at_start,
          people: row.people,
          trippedAt: row.tripped_at,
          released: row.released === 1,
        }
      );
    },

    async trip(startedAt, alert) {
      const result = await database.write([
        sql`UPDATE ${deactivationWindows} SET tripped_at = ${alert.raisedAt} WHERE tenant_key = ${key}
          AND started_at = ${startedAt} AND tripped_at IS NULL AND released = 0`,
        raiseAlertWhere(key, alert, sql`changes() > 0`),
      ]);
      return result.kind === "written" && (result.results[0]?.meta.changes ?? 0) > 0;
    },
  };
}
