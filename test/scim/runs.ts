import { setImmediate } from "node:timers/promises";

import * as fc from "fast-check";

/** Both are set by `npm run fuzz`, see tools/fuzz.ts. */
const { FUZZ_RUNS, FUZZ_SEED } = process.env;
const RUNS_PER_SLICE = 5000;
const REPORT_EVERY_MILLISECONDS = 10_000;

/**
 * Checks a property so many times, which keeps the tests quick, or as many times as `npm run fuzz` says. A long check
 * goes in slices: between them the test runner hears from it, which would otherwise take it for dead after a minute.
 * Each slice has a seed of its own, so that the seed that a finding prints repeats it at once.
 */
export async function check<Ts>(property: fc.IProperty<Ts>, numRuns: number): Promise<void> {
  if (FUZZ_RUNS === undefined) {
    fc.assert(property, { numRuns });
    return;
  }
  const all = Number(FUZZ_RUNS);
  let reported = Date.now();
  for (let done = 0; done < all; done += RUNS_PER_SLICE) {
    fc.assert(property, {
      numRuns: Math.min(RUNS_PER_SLICE, all - done),
      seed: Number(FUZZ_SEED ?? 0) + done / RUNS_PER_SLICE,
    });
    await setImmediate();
    if (Date.now() - reported < REPORT_EVERY_MILLISECONDS) continue;
    reported = Date.now();
    console.log(`${done + RUNS_PER_SLICE} of ${all} runs`);
  }
}
