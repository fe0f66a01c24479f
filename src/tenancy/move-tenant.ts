import * as z from "zod/mini";

import type { Clock } from "./clock.ts";
import type { AskedBy } from "./credentials/credential-entry.ts";
import type { MoveStore } from "./move-ports.ts";
import type { TenantStore } from "./ports.ts";
import type { Tenant } from "./tenant.ts";
import { withLiveTenant } from "./with-live-tenant.ts";

export const MoveInput = z.strictObject({
  database: z.string().check(z.describe("Name of a D1 binding of this deployment: DB, DB_1, …")),
});
export type MoveInput = z.output<typeof MoveInput>;

export interface MoveTenantDeps {
  readonly tenants: TenantStore;
  readonly moves: Pick<MoveStore, "begin">;
  /** The names of the databases that there are. */
  readonly databases: readonly string[];
  /** Goes on with the move after the answer, as far as the platform lets a request run; a job does the rest. */
  goOnMoving(tenantId: string): void;
  readonly clock: Clock;
}

export type MoveOutcome =
  | { readonly kind: "accepted"; readonly tenant: Tenant }
  | { readonly kind: "unknown" | "unknown-database" | "moving-elsewhere" | "unprepared" };

/**
 * Begins to move a tenant to another database: it is written down, and done from there on whatever happens. The
 * tenant is paused until it has arrived. Where it is already, or on its way to, nothing more is begun.
 */
export async function moveTenant(
  slug: string,
  { database }: MoveInput,
  deps: MoveTenantDeps,
  by: AskedBy,
): Promise<MoveOutcome> {
  const { tenants, moves, databases, clock } = deps;
  const startedAt = new Date(clock.now()).toISOString();
  const begun = await withLiveTenant(slug, tenants, async (live) => {
    if (!databases.includes(database)) return "unknown-database";
    const outcome = await moves.begin(live, database, startedAt, by);
    if (outcome === "moving") deps.goOnMoving(live.id);
    return outcome;
  });
  switch (begun) {
    case undefined:
      return { kind: "unknown" };
    case "unknown-database":
    case "moving-elsewhere":
    case "unprepared":
      return { kind: begun };
    case "moving":
    case "there": {
      const tenant = await tenants.bySlug(slug);
      return tenant ? { kind: "accepted", tenant } : { kind: "unknown" };
    }
  }
}
