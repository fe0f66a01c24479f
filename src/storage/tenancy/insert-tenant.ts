import { sql } from "drizzle-orm";

import type { Change } from "../../journal/change.ts";
import { foldText } from "../../scim/fold.ts";
import type { NewTenant } from "../../tenancy/tenant.ts";
import { CONTROL_DATABASE, type Databases } from "../d1/databases.ts";
import { insertFirstChange } from "../journal/change-statement.ts";
import { leastFilled } from "./least-filled.ts";
import { changes, tenantCounts, tenants, tenantStates } from "../tables.ts";
import { writeOnce } from "../d1/write-once.ts";

/**
 * Puts a new tenant into the least filled database. Its row in the control database decides: the slug is unique
 * there. In another database the state comes first, since a state that no row names serves nobody, and a row
 * without a state would be a tenant that nobody can use.
 */
export async function insertTenant(
  databases: Databases,
  tenant: NewTenant,
  entry: Change,
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
    insertFirstChange(id, entry),
  ];
  const isElsewhere = place !== CONTROL_DATABASE;
  const home = databases.named(place);
  if (isElsewhere) {
    const outcome = await writeOnce(
      home,
      state,
      sql`SELECT 1 FROM ${tenantStates} WHERE tenant_id = ${id}`,
    );
    if (outcome.kind !== "written") throw new Error("The state of a new tenant was refused.");
  }
  const outcome = await writeOnce(
    databases.control,
    isElsewhere ? [row] : [row, ...state],
    sql`SELECT 1 FROM ${tenants} WHERE id = ${id}`,
  );
  if (outcome.kind === "written") return "created";
  // Best effort: nothing names the state that stays behind.
  if (isElsewhere) {
    const lost = sql`(SELECT tenant_key FROM ${tenantStates} WHERE tenant_id = ${id})`;
    await writeOnce(
      home,
      [
        sql`DELETE FROM ${changes} WHERE tenant_key = ${lost}`,
        sql`DELETE FROM ${tenantCounts} WHERE tenant_key = ${lost}`,
        sql`DELETE FROM ${tenantStates} WHERE tenant_id = ${id}`,
      ],
      undefined,
    ).catch(() => undefined);
  }
  return "duplicate";
}
