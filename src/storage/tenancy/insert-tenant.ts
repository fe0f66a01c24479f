import { sql, type SQL } from "drizzle-orm";

import { foldText } from "../../scim/fold.ts";
import type { NewTenant } from "../../tenancy/tenant.ts";
import { failureOf } from "../d1/d1-errors.ts";
import { CONTROL_DATABASE, type Databases } from "../d1/databases.ts";
import { leastFilled } from "./least-filled.ts";
import { prepare } from "../d1/prepare.ts";
import { tenantCounts, tenants, tenantStates } from "../tables.ts";
import { unavailable } from "../d1/with-retry.ts";

/**
 * Puts a new tenant into the least filled database. Its row in the control database decides: the slug is unique
 * there. In another database the state comes first, since a state that no row names serves nobody, and a row
 * without a state would be a tenant that nobody can use.
 */
export async function insertTenant(
  databases: Databases,
  tenant: NewTenant,
): Promise<"created" | "duplicate"> {
  const { id } = tenant;
  const place = await leastFilled(databases);
  const row = sql`INSERT INTO ${tenants} (id, slug, name, name_key, organisation, database, created_at)
    VALUES (${id}, ${tenant.slug}, ${tenant.name}, ${foldText(tenant.name)}, ${tenant.organisation},
      ${place}, ${tenant.createdAt})`;
  const state = [
    sql`INSERT INTO ${tenantStates} (tenant_id, epoch, status, preset, overrides)
      VALUES (${id}, 1, 'active', ${tenant.preset}, ${JSON.stringify(tenant.overrides)})`,
    sql`INSERT INTO ${tenantCounts} (tenant_key) SELECT tenant_key FROM ${tenantStates} WHERE tenant_id = ${id}`,
  ];
  const send = (database: D1Database, statements: readonly SQL[]) =>
    database.batch(statements.map((query) => prepare(database, query)));

  const isElsewhere = place !== CONTROL_DATABASE;
  const home = databases.named(place);
  try {
    if (isElsewhere) await send(home, state);
    await send(databases.control, isElsewhere ? [row] : [row, ...state]);
    return "created";
  } catch (error) {
    if (failureOf(error).kind !== "unique") throw unavailable(error);
  }
  // Best effort: nothing names the state that stays behind.
  if (isElsewhere) {
    const lost = sql`(SELECT tenant_key FROM ${tenantStates} WHERE tenant_id = ${id})`;
    await send(home, [
      sql`DELETE FROM ${tenantCounts} WHERE tenant_key = ${lost}`,
      sql`DELETE FROM ${tenantStates} WHERE tenant_id = ${id}`,
    ]).catch(() => undefined);
  }
  return "duplicate";
}
