import { sql, type SQL } from "drizzle-orm";

import { tenantStates } from "../tables.ts";

/** No id of a tenant begins like this, so that whoever looks for the tenant by its id finds nothing. */
const PREFIX = "deleted:";

/** Names the row of the fence as that of a deleted tenant. */
export const deletedName: SQL = sql`${PREFIX} || tenant_id`;

export const tenantIdOf = (deletedName: string): string => deletedName.slice(PREFIX.length);

/** Holds for deleted tenants; served by the index of the ids. */
export const isDeleted: SQL = sql`${tenantStates}.tenant_id >= ${PREFIX} AND ${tenantStates}.tenant_id < ${"deleted;"}`;
