/** `npm run fuzz`: the property tests of test/scim and test/sql, or those of several tenants, many times. */
import { randomInt } from "node:crypto";
import { availableParallelism } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { startVitest } from "vitest/node";

const HELP = `npm run fuzz -- [--runs N] [--seed S] [--tenants]

Checks every property of test/scim and test/sql N times (default 100000) with made-up input, and ends with exit code 1
when one does not hold. The report then says which, with the smallest input that shows it and the seed that leads there
at once.

  --tenants  plays N sequences (default 1000) of requests of tenants next to each other instead, some 50 requests each;
             a thousand take about ten minutes
  --runs N   how often each property is checked; a million takes about an hour on two cores
  --seed S   repeats a run: an integer of 32 bits, printed at the beginning of each run`;

const options = {
  runs: { type: "string" },
  tenants: { type: "boolean", default: false },
  seed: { type: "string", default: String(randomInt(0x7fff_0000)) },
  help: { type: "boolean", short: "h", default: false },
} as const;

const RUNS = 100_000;
const SEQUENCES_OF_TENANTS = 1000;

interface Given {
  readonly runs: number;
  readonly seed: number;
  readonly tenants: boolean;
  readonly help: boolean;
}

function readArguments(): Given | string {
  try {
    const { values } = parseArgs({ options });
    const { tenants, help } = values;
    const runs = Number(values.runs ?? (tenants ? SEQUENCES_OF_TENANTS : RUNS));
    const seed = Number(values.seed);
    if (!Number.isSafeInteger(runs) || runs < 1) return "--runs takes a whole number from 1.";
    if (seed !== (seed | 0)) return "--seed takes an integer of 32 bits.";
    return { runs, seed, tenants, help };
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

const { runs, seed, tenants } = given;
console.log(`npm run fuzz -- --runs ${runs} --seed ${seed}${tenants ? " --tenants" : ""}`);
const OF_TENANTS = ["test/http/isolation-property.test.ts", "test/http/one-isolate.test.ts"];
const root = path.join(import.meta.dirname, "..");
const env = { FUZZ_RUNS: String(runs), FUZZ_SEED: String(seed) };
// vitest.config.ts hands them to workerd.
Object.assign(process.env, env);
const vitest = await (tenants
  ? startVitest("test", OF_TENANTS, { root, watch: false })
  : startVitest("test", [], {
      root,
      // The project's own configuration would start workerd, of which the pure tests need nothing.
      config: false,
      include: ["test/{scim,sql}/**/*.test.ts"],
      watch: false,
      testTimeout: 0,
      maxWorkers: availableParallelism(),
      env,
    }));
await vitest.close();
