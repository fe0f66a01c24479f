import { sql, type SQL } from "drizzle-orm";

import type { SettingsEffects } from "../../tenancy/settings-changes/settings-effects.ts";
import { users } from "../tables.ts";

/**
 * Makes addresses unique in a tenant, or lets people share them: one statement over all its people, two rows
 * written for each. It fails as a duplicate of `email_key` when people share an address already. Walks another
 * index than the one that it changes.
 */
export function rewriteAddressSlots(
  tenantKey: number,
  addresses: SettingsEffects["addresses"],
): SQL[] {
  const people = sql`UPDATE ${users} INDEXED BY users_id`;
  switch (addresses) {
    case "unique":
      return [
        sql`${people} SET email_slot = '' WHERE tenant_key = ${tenantKey} AND email_slot <> ''`,
      ];
    case "free":
      return [
        sql`${people} SET email_slot = id WHERE tenant_key = ${tenantKey} AND email_slot = ''`,
      ];
    case undefined:
      return [];
  }
}

/** How many people share an address with somebody. */
export const selectAddressSharers = (tenantKey: number): SQL =>
  sql`SELECT coalesce(sum(people), 0) AS people FROM (
    SELECT count(*) AS people FROM ${users} INDEXED BY users_email
    WHERE tenant_key = ${tenantKey} AND email_key IS NOT NULL GROUP BY email_key HAVING count(*) > 1)`;
