import { moveTenants } from "../jobs/move-tenants.ts";
import type { Databases } from "../storage/d1/databases.ts";
import { movePlaces } from "../storage/moves/move-places.ts";
import { moveStore } from "../storage/moves/move-store.ts";
import { clock, ids } from "./surroundings.ts";

/** Goes on with the moves of tenants, or of one, as long as the time for it lasts. */
export const goOnMoving = (
  databases: Databases,
  patienceMs: number,
  only?: string,
): Promise<void> =>
  moveTenants({
    moves: moveStore(databases),
    places: movePlaces(databases),
    only,
    patienceMs,
    clock,
    ids,
  });
