import { moveEntry } from "../tenancy/move-entry.ts";
import type { HeldMove, MovePlaces, MoveProgress } from "../tenancy/move-ports.ts";

const MAX_FAILURES = 3;

export type Step = MoveProgress | "arrived" | "abandoned";

/**
 * Does the next part of a move, and says what is to be written down. May be killed anywhere: the next run does
 * the same part again.
 *
 * Exactly one place takes writes at any time. The source does until it is paused; the target is opened when the
 * source is paused and their rows are the same, and nobody finds it before `leaving` is written down, which
 * changes the tenant's place in the same transaction. Only after that is anything deleted from the source.
 */
export async function moveStep(held: HeldMove, places: MovePlaces, at: string): Promise<Step> {
  const { move } = held;
  switch (move.state) {
    case "pausing": {
      // The target first: one that does not answer must not cost the tenant a pause.
      const targetKey = await places.prepare(held);
      const source = await places.pause(move, moveEntry(move, "begun", at));
      if (!source) return { targetKey, state: "abandoning" };
      const { epoch } = source;
      return source.isPaused ? { targetKey, epoch, state: "copying" } : { targetKey, epoch };
    }
    case "copying": {
      const next = await places.copy(held);
      return next ? { cursor: next } : { state: "comparing", cursor: null };
    }
    case "comparing": {
      const compared = await places.compare(move);
      if (compared.kind === "different") {
        const failures = move.failures + 1;
        const state = failures < MAX_FAILURES ? "clearing" : "abandoning";
        return { failures, state, cursor: null };
      }
      return compared.next ? { cursor: compared.next } : { state: "opening", cursor: null };
    }
    case "clearing": {
      const next = await places.clear(held);
      return next ? { cursor: next } : { state: "copying", cursor: null };
    }
    case "opening":
      await places.open(held, moveEntry(move, "arrived", at));
      return { state: "leaving" };
    case "leaving": {
      const next = await places.leave(move);
      return next ? { cursor: next } : "arrived";
    }
    case "abandoning": {
      const source = await places.resume(move, moveEntry(move, "given-up", at));
      if (source?.isPaused) return { epoch: source.epoch };
      const next = await places.clear(held);
      if (next) return { cursor: next };
      await places.discard(held);
      return "abandoned";
    }
  }
}
