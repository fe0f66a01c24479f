import type { Clock, Ids } from "../tenancy/clock.ts";
import {
  type HeldMove,
  LeaseLost,
  type MovePlaces,
  type MoveProgress,
  type MoveState,
  type MoveStore,
} from "../tenancy/move-ports.ts";
import { moveStep } from "./move-step.ts";

/** Longer than the longest step, since D1 ends a query after 30 s. Every step renews the lease. */
const LEASE_MS = 90_000;
/** D1 allows 1,000 queries to one invocation, a chunk takes five, and the other jobs need some too. */
const STEPS_PER_INVOCATION = 120;
/** Errors in a row after which a tenant is not kept waiting any longer: a target that is full stays full. */
const MAX_STALLS = 5;
/** While a move is in one of these, the tenant waits for it, and it can be given up. */
const WAITING: readonly MoveState[] = ["pausing", "copying", "comparing", "clearing"];

export interface MoveTenantsDeps {
  readonly moves: MoveStore;
  readonly places: MovePlaces;
  /** The tenant of the one move that is meant; undefined: all of them. */
  readonly only?: string | undefined;
  /** For how long new steps are begun. */
  readonly patienceMs: number;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** What one invocation may still do. */
interface Budget {
  steps: number;
  readonly deadline: number;
}

/** Ids only: nothing that a person could be known by. */
const log = (event: string, { move }: HeldMove, error?: unknown): void => {
  const { tenantId, source, target, state, failures, stalls } = move;
  const cause = error instanceof Error ? { error: error.name } : {};
  const line = { event, tenantId, source, target, state, failures, stalls, ...cause };
  console[event === "tenant-moved" ? "log" : "error"](JSON.stringify(line));
};

/**
 * Goes on with the moves that are not at their end. May run twice at the same time, and be killed between any two
 * statements: the row of a move says what comes next, its lease keeps two runs apart. A move that fails is
 * logged, keeps no other one from going on, and is given up when it fails again and again.
 */
export async function moveTenants(deps: MoveTenantsDeps): Promise<void> {
  const { moves, only, clock, ids } = deps;
  const budget = { steps: STEPS_PER_INVOCATION, deadline: clock.now() + deps.patienceMs };
  const holder = ids.next();
  for (const tenantId of only === undefined ? await moves.unfinished() : [only]) {
    if (isSpent(budget, clock)) return;
    // oxlint-disable no-await-in-loop -- one after the other: the moves share one budget
    const now = clock.now();
    const lease = { holder, now: iso(now), until: iso(now + LEASE_MS) };
    const held = await moves.take(tenantId, lease);
    if (!held) continue;
    await goOn(held, budget, deps);
    await moves.release(held).catch(() => undefined);
    // oxlint-enable no-await-in-loop
  }
}

async function goOn(first: HeldMove, budget: Budget, deps: MoveTenantsDeps): Promise<void> {
  const { moves, places, clock } = deps;
  let held = first;
  try {
    await places.claim(held);
    while (!isSpent(budget, clock)) {
      budget.steps -= 1;
      // oxlint-disable no-await-in-loop -- a step begins where the one before it has ended
      const step = await moveStep(held, places, iso(clock.now()));
      if (typeof step === "string") {
        await moves.end(held);
        return log(step === "arrived" ? "tenant-moved" : "move-abandoned", held);
      }
      held = await moves.advance(held, step, iso(clock.now() + LEASE_MS));
      // oxlint-enable no-await-in-loop
    }
  } catch (error) {
    if (error instanceof LeaseLost) return;
    log("move-failed", held, error);
    await noteStall(held, deps).catch(() => undefined);
  }
}

async function noteStall(held: HeldMove, { moves, clock }: MoveTenantsDeps): Promise<void> {
  const { move } = held;
  const stalls = move.stalls + 1;
  const isGivenUp = stalls >= MAX_STALLS && WAITING.includes(move.state);
  const change: MoveProgress = { stalls, ...(isGivenUp && { state: "abandoning", cursor: null }) };
  await moves.advance(held, change, iso(clock.now() + LEASE_MS));
}

const isSpent = ({ steps, deadline }: Budget, clock: Clock): boolean =>
  steps <= 0 || clock.now() >= deadline;

const iso = (time: number): string => new Date(time).toISOString();
