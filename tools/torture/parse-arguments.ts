import { parseArgs } from "node:util";

export interface TortureOptions {
  /** How often the runtime is killed. */
  readonly rounds: number;
  /** How many commands are played against the model. */
  readonly commands: number;
  /** Undefined: a new one. */
  readonly seed: number | undefined;
  readonly seconds: number;
  readonly writers: number;
}

const DEFAULT_ROUNDS = 20;
const DEFAULT_COMMANDS = 1000;

export const HELP = `npm run torture -- [FLAGS]

With --rounds, writers create, change, move and delete people and groups at full speed; the runtime is killed in the
middle of it (SIGKILL), started again on the same files, and everything that it had answered has to be there, and
nothing by half. With --model, made-up requests are played against this server and against a small model of it, and
every answer has to be the model's. Without either: --rounds ${DEFAULT_ROUNDS} --model ${DEFAULT_COMMANDS}.

  --rounds N      how often the runtime is killed, 1 to 100000
  --model N       how many commands are played, 1 to 10000000
  --seed S        repeats the choices of a run: 0 to 2147483647, printed at the beginning of each run
  --seconds N     ends after N seconds with what was done until then (default 1800)
  --writers N     writers at a time, 1 to 32 (default 6)
  --help          this text

Everything runs on this machine, in a temporary folder. The report is JSON. Ends with code 1 when something did not hold.
The seed fixes what is asked and when the runtime is killed, but not how far it has come by then.`;

const FLAGS = {
  help: { type: "boolean", short: "h" },
  rounds: { type: "string" },
  model: { type: "string" },
  seed: { type: "string" },
  seconds: { type: "string", default: "1800" },
  writers: { type: "string", default: "6" },
} as const;

/** The options, or a sentence that says what cannot be meant; undefined when help is asked for. */
export function parseArguments(argv: readonly string[]): TortureOptions | string | undefined {
  try {
    return parse(argv);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function parse(argv: readonly string[]): TortureOptions | undefined {
  const { values } = parseArgs({ args: [...argv], options: FLAGS });
  if (values.help === true) return undefined;
  const { rounds, model, seed } = values;
  const neither = rounds === undefined && model === undefined;
  const most = { rounds: 100_000, model: 10_000_000 };
  return {
    rounds: neither
      ? DEFAULT_ROUNDS
      : integer("rounds", rounds ?? "0", rounds ? 1 : 0, most.rounds),
    commands: neither
      ? DEFAULT_COMMANDS
      : integer("model", model ?? "0", model ? 1 : 0, most.model),
    seed: seed === undefined ? undefined : integer("seed", seed, 0, 0x7fff_ffff),
    seconds: integer("seconds", values.seconds, 1, 24 * 3600),
    writers: integer("writers", values.writers, 1, 32),
  };
}

function integer(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new Error(`--${flag} takes a whole number from ${least} to ${most}, not "${text}".`);
  }
  return value;
}
