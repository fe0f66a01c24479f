import { expect } from "vitest";

import type { FaultCase } from "./fault-table.ts";
import type { Play, Theatre } from "./theatre.ts";

/** What two requests are answered and what they leave. */
interface Meeting {
  /** The answers in the order of their names, and the rows. */
  readonly whole: readonly [string, string, string];
  readonly trips: number;
}

/** Two requests of a theatre, by what they leave together. */
export interface Meetings {
  /**
   * Lets another request come before each round trip of one, those at its beginning left out. Whatever two requests do at the same time, they do one
   * after the other: answers and rows are those of one of the two orders. Of a request that only reads, the status is.
   */
  expectSerial(one: FaultCase, other: FaultCase, behind?: number): Promise<void>;
}

export function meetingsIn(theatre: Theatre): Meetings {
  /** By the first and the second of them. */
  const known = new Map<FaultCase, Map<FaultCase, Meeting>>();

  /** Plays one request and lets it say when the other one comes. */
  async function meeting(
    one: FaultCase,
    other: FaultCase,
    play: (rival: () => Promise<void>) => Promise<Play>,
  ): Promise<Meeting> {
    let rival = "nobody";
    const { answer, trips } = await play(async () => {
      const found = await theatre.play(other);
      rival = theatre.words(found.answer, other);
    });
    const rows = one.method === "GET" ? "" : await theatre.left(one, other);
    const whole = [theatre.words(answer, one), rival, rows] as const;
    await theatre.reset();
    return { whole, trips: trips.length };
  }

  async function inOrder(first: FaultCase, second: FaultCase): Promise<Meeting> {
    const found =
      known.get(first)?.get(second) ??
      (await meeting(first, second, async (rival) => {
        const played = await theatre.play(first);
        await rival();
        return played;
      }));
    known.set(first, (known.get(first) ?? new Map<FaultCase, Meeting>()).set(second, found));
    return found;
  }

  return {
    async expectSerial(one, other, behind = 1) {
      const after = await inOrder(one, other);
      // Before the first one is before it.
      if (after.trips <= behind) return;
      const [rival, own, rows] = (await inOrder(other, one)).whole;
      const before = [own, rival, rows];
      for (let at = behind + 1; at <= after.trips; at++) {
        const met = await meeting(one, other, (meanwhile) =>
          theatre.play(one, at, { kind: "waits", meanwhile }),
        );
        const where = `before round trip ${at} of ${after.trips}`;
        if (one.method === "GET") {
          expect([own, after.whole[0]].map(statusIn), where).toContain(statusIn(met.whole[0]));
        } else {
          expect(met.whole.join("\n"), where).toBe(
            nearest(met.whole.join("\n"), [before.join("\n"), after.whole.join("\n")]),
          );
        }
      }
    },
  };
}

const statusIn = (words: string): string => words.slice(0, 3);

/** The one with the most lines in common: the others are what a failure shows. */
function nearest(text: string, [first, ...others]: readonly [string, ...string[]]): string {
  const lines = text.split("\n");
  const common = (other: string) => {
    const own = new Set(other.split("\n"));
    return lines.filter((line) => own.has(line)).length - own.size;
  };
  return others.reduce((best, other) => (common(other) > common(best) ? other : best), first);
}
