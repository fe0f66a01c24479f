import { expect } from "vitest";

import type { FaultCase } from "./fault-table.ts";
import type { Play, Theatre } from "./theatre.ts";

/** What two requests are answered and what they leave. */
interface Meeting {
  readonly status: number;
  readonly whole: string;
  readonly trips: number;
}

/** Plays one request and lets it say when the other one comes. */
async function meeting(
  theatre: Theatre,
  one: FaultCase,
  other: FaultCase,
  play: (rival: () => Promise<void>) => Promise<Play>,
): Promise<Meeting> {
  let rival = "nobody";
  const { answer, trips } = await play(async () => {
    const found = (await theatre.play(other)).answer;
    rival = await theatre.outcome(found, other);
  });
  const { status } = answer;
  const whole = `${rival.split("\n", 1)[0]}\n${await theatre.outcome(answer, one)}`;
  await theatre.reset();
  return { status, whole, trips: trips.length };
}

/**
 * Lets another request come before each round trip of one. Whatever two requests do at the same time, they do one after
 * the other: answers and rows are those of one of the two orders. Of a request that only reads, the status is.
 */
export async function expectSerial(
  theatre: Theatre,
  one: FaultCase,
  other: FaultCase,
): Promise<void> {
  const after = await meeting(theatre, one, other, async (rival) => {
    const played = await theatre.play(one);
    await rival();
    return played;
  });
  // Before the first one is before it.
  if (after.trips < 2) return;
  const before = await meeting(theatre, one, other, async (rival) => {
    await rival();
    return theatre.play(one);
  });
  for (let at = 2; at <= after.trips; at++) {
    const met = await meeting(theatre, one, other, (meanwhile) =>
      theatre.play(one, at, { kind: "waits", meanwhile }),
    );
    const where = `before round trip ${at} of ${after.trips}`;
    if (one.method === "GET") expect([before.status, after.status], where).toContain(met.status);
    else expect(met.whole, where).toBe(nearest(met.whole, [before.whole, after.whole]));
  }
}

/** The one with the most lines in common: the others are what a failure shows. */
function nearest(text: string, [first, ...others]: readonly [string, ...string[]]): string {
  const lines = text.split("\n");
  const common = (other: string) => {
    const own = new Set(other.split("\n"));
    return lines.filter((line) => own.has(line)).length - own.size;
  };
  return others.reduce((best, other) => (common(other) > common(best) ? other : best), first);
}
