import { interceptD1, type Around, type Statement } from "../../storage/intercept-d1.ts";

/** What becomes of one round trip to a database. */
export type Fault =
  /**
   * `before`: it never reaches the database. `after`: the database has done it, and its answer is lost. `late`: the
   * database does it just before it gets the next write.
   */
  | {
      readonly kind: "fails";
      readonly when: "before" | "after" | "late";
      readonly message: string;
    }
  /** No answer ever comes. */
  | { readonly kind: "hangs"; readonly when: "before" | "after" }
  /** Somebody else does something first. */
  | { readonly kind: "waits"; readonly meanwhile: () => Promise<unknown> };

export type Trip = "read" | "write";

export interface Faulty {
  /** Each of the databases, intercepted; they count together. */
  readonly databases: readonly D1Database[];
  readonly trips: readonly Trip[];
}

const READS = /^\s*(?:SELECT|WITH)\b/i;
export const tripOf = (statements: readonly Statement[]): Trip =>
  statements.every(({ sql }) => READS.test(sql)) ? "read" : "write";

/** Lets the round trip of that number, from 1, meet the fault. */
export function faulty(
  databases: readonly D1Database[],
  at: number,
  fault: Fault | undefined,
  patience: Patience,
): Faulty {
  const trips: Trip[] = [];
  let late: (() => Promise<unknown>) | undefined;

  const meet = async (found: Fault, send: () => Promise<D1Result[]>): Promise<D1Result[]> => {
    switch (found.kind) {
      case "waits":
        await found.meanwhile();
        return send();
      case "hangs":
        // Before anything is awaited: the caller sets its deadline next.
        patience.isOver = true;
        if (found.when === "after") await send();
        return new Promise(() => undefined);
      case "fails":
        if (found.when === "after") await send();
        if (found.when === "late") late = send;
        throw new Error(found.message);
    }
  };
  const around: Around = async ({ statements, send }) => {
    const trip = tripOf(statements);
    trips.push(trip);
    if (fault !== undefined && trips.length === at) return meet(fault, send);
    if (trip === "write") {
      await late?.();
      late = undefined;
    }
    return send();
  };
  return { databases: databases.map((database) => interceptD1(database, around)), trips };
}

/** Time as those who wait for a database feel it. */
export interface Patience {
  /** Something hangs: from now on every deadline has passed. */
  isOver: boolean;
}

/** The deadline of a call to D1; the product's own pauses are shorter. */
const DEADLINE_MS = 10_000;
const timeoutOfTheRuntime = globalThis.setTimeout;

/** In place of `setTimeout`. */
export const impatient =
  (patience: Patience) =>
  (run: () => void, milliseconds = 0) =>
    timeoutOfTheRuntime(run, patience.isOver && milliseconds >= DEADLINE_MS ? 0 : milliseconds);
