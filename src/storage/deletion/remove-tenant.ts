import { sql } from "drizzle-orm";

import type { LiveTenant } from "../../tenancy/tenant.ts";
import { CONTROL_DATABASE, type Databases } from "../d1/databases.ts";
import { prepare } from "../d1/prepare.ts";
import { credentials, tenants, tenantStates } from "../tables.ts";
import { tenantDatabase } from "../d1/tenant-database.ts";
import { withRetry } from "../d1/with-retry.ts";
import { deletedName, isDeleted } from "./deleted-tenants.ts";

/**
 * Makes a tenant unreachable from its next request on, everywhere: its fence stands under another epoch and
 * another name, its tokens are revoked, and its slug is free. Its rows stay for the job that purges them. Where
 * the tenant does not live in the control database, its line there goes second, and the job makes up for one that
 * stays. Throws `TenantFenced` and `TenantMoving`.
 */
export async function removeTenant(
  databases: Databases,
  tenant: LiveTenant,
  at: string,
): Promise<void> {
  const { key } = tenant;
  const line = sql`DELETE FROM ${tenants} WHERE id = ${tenant.id} AND database = ${tenant.database}`;
  const isControl = tenant.database === CONTROL_DATABASE;
  await tenantDatabase(databases.named(tenant.database), tenant).write(
    [
      sql`UPDATE ${credentials} SET revoked_at = ${at} WHERE tenant_key = ${key} AND revoked_at IS NULL`,
      sql`UPDATE ${tenantStates} SET tenant_id = ${deletedName}, epoch = epoch + 1, status = 'suspended',
        recompute_after = NULL WHERE tenant_key = ${key}`,
      ...(isControl ? [line] : []),
    ],
    // A second attempt would find the fence gone, and answer that there is no such tenant.
    sql`SELECT 1 FROM ${tenantStates} WHERE tenant_key = ${key} AND ${isDeleted}`,
  );
  if (!isControl) await withRetry(() => prepare(databases.control, line).run());
}
