import type { Clock, Ids } from "../../tenancy/clock.ts";
import { TenantFenced } from "../../tenancy/fence.ts";
import type { DepartmentDraft } from "../ports.ts";
import type { Recomputed, RecomputePosition, RecomputeStore } from "./ports.ts";
import { recomputeKeys } from "./recompute-keys.ts";

const CHUNK = 500;

export interface RecomputeLimits {
  /** No further portion after this moment, in milliseconds since the epoch. */
  readonly until: number;
  readonly chunks: number;
}

export interface RecomputeResult {
  /** `open`: the limits were reached, and somebody goes on later. */
  readonly state: "finished" | "open";
  readonly chunks: number;
  /** People who keep an old address because somebody else has the new one. */
  readonly conflicts: number;
}

/** One draft for each name. */
function draftsOf({ departments }: Recomputed, nextId: () => string): DepartmentDraft[] {
  const names = new Map(departments.map(({ name, nameKey }) => [nameKey, name]));
  return [...names].map(([nameKey, name]) => ({
    id: nextId(),
    name,
    nameKey,
    origin: "attribute",
  }));
}

/**
 * Rewrites what follows from settings in people's rows, in portions of 500 by id, until nobody is left or a limit
 * is reached. May be killed and run twice: the position moves with what it stands for, and both runs need not to
 * know of each other. A change of settings on the way begins anew.
 */
export async function recomputePeople(
  tenantKey: number,
  store: RecomputeStore,
  limits: RecomputeLimits,
  { clock, ids }: { readonly clock: Clock; readonly ids: Ids },
): Promise<RecomputeResult> {
  let conflicts = 0;
  let chunks = 0;

  /** The next position; undefined when nobody is left. */
  async function advance(
    position: RecomputePosition,
  ): Promise<{ kind: "moved" } | { kind: "advanced"; to: RecomputePosition | undefined }> {
    const people = await store.people(position, CHUNK);
    const next = people.length < CHUNK ? null : (people.at(-1)?.id ?? null);
    const recomputed = recomputeKeys(people, position.settings);
    const outcome = await store.advance(position, {
      next,
      recomputed,
      departments: draftsOf(recomputed, () => ids.next()),
      entry: {
        requestId: ids.next(),
        at: new Date(clock.now()).toISOString(),
        actor: { kind: "job", id: "recompute-people", hint: "settings" },
        operation: "settings",
        resourceType: "User",
        resourceId: null,
        outcome: "applied",
        status: 200,
        scimType: null,
        reason: "Recomputed after a change of settings.",
      },
    });
    if (outcome.kind === "moved") return outcome;
    conflicts += outcome.conflicts;
    return { kind: "advanced", to: next === null ? undefined : { ...position, after: next } };
  }

  let position = await store.position(tenantKey);
  while (position !== undefined && chunks < limits.chunks && clock.now() < limits.until) {
    chunks += 1;
    try {
      const step = await advance(position);
      if (step.kind === "moved") return { state: "open", chunks, conflicts };
      position = step.to;
    } catch (error) {
      if (!(error instanceof TenantFenced)) throw error;
      position = await store.position(tenantKey);
    }
  }
  return { state: position === undefined ? "finished" : "open", chunks, conflicts };
}
