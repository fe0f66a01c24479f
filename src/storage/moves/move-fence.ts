import { sql, type SQL } from "drizzle-orm";

import type { HeldMove } from "../../tenancy/move-ports.ts";
import { guards, tenantStates } from "../tables.ts";

/**
 * While a tenant moves, `moving_to` names the target in both places, and the epoch of the target's row is the
 * fencing number of whoever works there. Nothing names the target yet, so no request asks for that epoch.
 */
export const isOurs = ({ move, fencing }: HeldMove): SQL =>
  sql`moving_to IS ${move.target} AND epoch = ${fencing}`;

export const rowOf = (tenantKey: number | null): SQL =>
  sql`${tenantStates} WHERE tenant_key = ${tenantKey}`;

/** Fails unless the tenant's row in the target is there and nobody has claimed it since. */
export const requireOurs = (held: HeldMove): SQL =>
  sql`INSERT INTO ${guards} (lease) SELECT 0 WHERE NOT EXISTS (
    SELECT 1 FROM ${rowOf(held.move.targetKey)} AND ${isOurs(held)})`;

/** The same, but for a row that is gone: what is left under its number belongs to nobody. */
export const requireOursOrGone = (held: HeldMove): SQL =>
  sql`INSERT INTO ${guards} (lease) SELECT 0 FROM ${rowOf(held.move.targetKey)} AND NOT (${isOurs(held)})`;

/** From now on earlier holders fail. Does nothing once the tenant is open there. */
export const claim = ({ move, fencing }: HeldMove): SQL =>
  sql`UPDATE ${tenantStates} SET epoch = ${fencing} WHERE tenant_id = ${move.tenantId}
    AND moving_to = ${move.target} AND epoch < ${fencing}`;
