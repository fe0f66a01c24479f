import { sql, type SQL } from "drizzle-orm";

import type { NewAlert } from "../../directory/alerts/alert.ts";
import { alerts } from "../notice-tables.ts";
import { staysHere } from "../tenancy/stays-here.ts";
import { tenantStates } from "../tables.ts";

/** Raises an alert where the condition holds, unless one of its kind and subject is open, or the tenant is gone or on its way. */
export const raiseAlertWhere = (
  tenantKey: number,
  alert: NewAlert & { readonly id: string; readonly raisedAt: string },
  condition: SQL = sql`true`,
): SQL =>
  sql`INSERT INTO ${alerts} (tenant_key, id, kind, subject, detail, raised_at)
    SELECT tenant_key, ${alert.id}, ${alert.kind}, ${alert.subject}, ${alert.detail}, ${alert.raisedAt}
    FROM ${tenantStates} WHERE tenant_key = ${tenantKey} AND moving_to IS NULL AND ${condition}
    ON CONFLICT (tenant_key, kind, subject) WHERE resolved_at IS NULL DO NOTHING`;

/** For the jobs' side. */
export const resolveAlerts = (
  tenantKey: number,
  { kind, subject }: Pick<NewAlert, "kind" | "subject">,
  at: string,
): SQL =>
  sql`UPDATE ${alerts} INDEXED BY alerts_open SET resolved_at = ${at} WHERE tenant_key = ${tenantKey}
    AND kind = ${kind} AND subject = ${subject} AND resolved_at IS NULL AND ${staysHere(tenantKey)}`;
