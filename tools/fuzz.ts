/** `npm run fuzz`: the property tests of test/scim, many times. */
import { randomInt } from "node:crypto";
import { availableParallelism } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { startVitest } from "vitest/node";

const HELP = `npm run fuzz -- [--runs N] [--seed S]

Checks every property of test/scim N times (default 100000) with made-up input, and ends with exit code 1 when one
does not hold. The report then says which, with the smallest input that shows it and the seed that leads there at once.

  --runs N   how often each property is checked; a million takes about half an hour on two cores
  --seed S   repeats a run: an integer of 32 bits, printed at the beginning of each run`;

const options = {
  runs: { type: "string", default: "100000" },
  seed: { type: "string", default: String(randomInt(0x7fff_0000)) },
  help: { type: "boolean", short: "h", default: false },
} as const;

function readArguments(): { runs: number; seed: number; help: boolean } | string {
  try {
    const { values } = parseArgs({ options });
    const runs = Number(values.runs);
    const seed = Number(values.seed);
    if (!Number.isSafeInteger(runs) || runs < 1) return "--runs takes a whole number from 1.";
    if (seed !== (seed | 0)) return "--seed takes an integer of 32 bits.";
    return { runs, seed, help: values.help };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const given = readArguments();
if (typeof given === "string") {
  console.error(`${given}\n\n${HELP}`);
  process.exit(1);
}
if (given.help) {
  console.log(HELP);
  process.exit(0);
}

const { runs, seed } = given;
console.log(`npm run fuzz -- --runs ${runs} --seed ${seed}`);
const vitest = await startVitest("test", [], {
  root: path.join(import.meta.dirname, ".."),
  // The project's own configuration would start workerd, of which the pure tests need nothing.
  config: false,
  include: ["test/scim/**/*.test.ts"],
  watch: false,
  testTimeout: 0,
  maxWorkers: availableParallelism(),
  env: { FUZZ_RUNS: String(runs), FUZZ_SEED: String(seed) },
});
await vitest.close();
