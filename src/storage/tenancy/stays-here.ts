import { sql, type SQL } from "drizzle-orm";

import { tenantStates } from "../tables.ts";

/**
 * True while the tenant is served from this database. Whatever writes to a tenant's rows without its fence (a job,
 * the note of a use) says so in the same statement or batch: what is written while the tenant is being moved is
 * either lost or makes the copy differ.
 */
export const staysHere = (tenantKey: number): SQL =>
  sql`EXISTS (SELECT 1 FROM ${tenantStates} WHERE tenant_key = ${tenantKey} AND moving_to IS NULL)`;
