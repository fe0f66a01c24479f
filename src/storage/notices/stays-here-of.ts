import { sql, type SQL } from "drizzle-orm";

import { tenantStates } from "../tables.ts";

/** `staysHere` for statements over the rows of many tenants: of the tenant that a row of the table belongs to. */
export const staysHereOf = (table: SQL): SQL =>
  sql`EXISTS (SELECT 1 FROM ${tenantStates} AS home
    WHERE home.tenant_key = ${table}.tenant_key AND home.moving_to IS NULL)`;
