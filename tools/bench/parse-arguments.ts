import { parseArgs } from "node:util";

export const PARTS = ["budgets", "throughput", "peers"] as const;
export type Part = (typeof PARTS)[number];

export interface BenchOptions {
  readonly parts: readonly Part[];
  /** How many people the tenant of the budgets has, one size after the other. */
  readonly sizes: readonly number[];
  /** How many people the tenant of the throughput has. */
  readonly crowd: number;
  /** Whether a look is enough: fewer rounds of everything. */
  readonly quick: boolean;
  /** Whether the report goes into docs/benchmarks.md too. */
  readonly write: boolean;
}

export const HELP = `npm run bench -- [FLAGS]

Counts the round trips and rows of every operation that has a budget, compares the throughput with the least that
a Worker can do, and plays one provisioning workload against this server and its peers. Everything runs on this
machine: workerd with local D1 and KV. The report is Markdown on the standard output; progress goes to the error output.

  --full          the budgets at 1,000,000 people too (3 GB of temporary files)
  --only PART     one part: ${PARTS.join(", ")}; may be given again
  --users N       a quick look: N people instead of the sizes of the report, 200 to 1000000
  --write         puts the report into docs/benchmarks.md too
  --help          this text

Ends with code 1 when a budget or another requirement is missed.`;

const SIZES = [1000, 100_000];
const FULL_SIZE = 1_000_000;
/** Four in five are members of the large group: 100,000. */
const CROWD = 125_000;
const LEAST_USERS = 200;

const WHOLE = "--write takes the whole report: leave --only and --users out.";

const FLAGS = {
  help: { type: "boolean", short: "h" },
  full: { type: "boolean", default: false },
  only: { type: "string", multiple: true },
  users: { type: "string" },
  write: { type: "boolean", default: false },
} as const;

/** The options, or a sentence that says what cannot be meant; undefined when help is asked for. */
export function parseArguments(argv: readonly string[]): BenchOptions | string | undefined {
  try {
    return parse(argv);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function parse(argv: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({ args: [...argv], options: FLAGS });
  if (values.help === true) return undefined;
  const only = (values.only ?? []).map(readPart);
  const parts = only.length === 0 ? PARTS : PARTS.filter((part) => only.includes(part));
  if (values.users === undefined) {
    const sizes = values.full ? [...SIZES, FULL_SIZE] : SIZES;
    if (values.write && parts.length < PARTS.length) throw new Error(WHOLE);
    return { parts, sizes, crowd: CROWD, quick: false, write: values.write };
  }
  if (values.write) throw new Error(WHOLE);
  if (values.full) throw new Error("--full and --users exclude each other.");
  const users = readUsers(values.users);
  return { parts, sizes: [users], crowd: users, quick: true, write: false };
}

function readPart(text: string): Part {
  const part = PARTS.find((name) => name === text);
  if (part === undefined) throw new Error(`--only takes ${PARTS.join(", ")}, not "${text}".`);
  return part;
}

function readUsers(text: string): number {
  const users = Number(text);
  if (!/^\d+$/.test(text) || users < LEAST_USERS || users > FULL_SIZE) {
    throw new Error(
      `--users takes a whole number from ${LEAST_USERS} to ${FULL_SIZE}, not "${text}".`,
    );
  }
  return users;
}
