import type { RaiseAlert } from "../../directory/alerts/ports.ts";
import type { Clock, Ids } from "../../tenancy/clock.ts";
import { prepare } from "../d1/prepare.ts";
import { withRetry } from "../d1/with-retry.ts";
import { raiseAlertWhere } from "./alert-statements.ts";

/** Raises alerts of the tenants of one database, by their keys there. See `RaiseAlert`. */
export const raiseAlertIn =
  (database: D1Database, { clock, ids }: { clock: Clock; ids: Ids }): RaiseAlert =>
  async (tenantKey, alert) => {
    const raisedAt = new Date(clock.now()).toISOString();
    const statement = raiseAlertWhere(tenantKey, { ...alert, id: ids.next(), raisedAt });
    // Sent twice it does nothing the second time.
    await withRetry(() => prepare(database, statement).run());
  };
