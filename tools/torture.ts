/** `npm run torture`: kills the runtime in the middle of writes, and plays made-up requests against a model. */
import { randomInt } from "node:crypto";

import { cleanUps } from "./bench/clean-ups.ts";
import { showProgress } from "./simulate/show-progress.ts";
import { playRounds } from "./torture/crash/play-rounds.ts";
import { playModel } from "./torture/model/play-model.ts";
import { HELP, parseArguments, type TortureOptions } from "./torture/parse-arguments.ts";

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const ends = cleanUps();
const progress = showProgress(process.stderr);
let stopping = false;

async function torture(options: TortureOptions): Promise<number> {
  const seed = options.seed ?? randomInt(0x7fff_0000);
  const { rounds, commands, writers } = options;
  const deadline = Date.now() + options.seconds * 1000;
  console.error(`npm run torture -- --seed ${seed}`);
  const crash =
    rounds === 0
      ? undefined
      : await playRounds({ rounds, seed, writers }, deadline, ends, progress);
  const model =
    commands === 0 ? undefined : await playModel({ commands, seed }, deadline, ends, progress);
  console.log(JSON.stringify({ seed, crash, model }, null, 2));
  return (crash?.violations ?? []).length === 0 && model?.failure === undefined ? 0 : 1;
}

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  await ends.run();
  process.exit(code);
}

async function main(): Promise<number> {
  const options = parseArguments(process.argv.slice(2));
  if (options === undefined) {
    console.log(HELP);
    return 0;
  }
  if (typeof options === "string") {
    console.error(`${options}\nnpm run torture -- --help lists the flags.`);
    return 2;
  }
  process.on("exit", () => ends.runAtExit());
  for (const [signal, code] of Object.entries(SIGNALS)) process.on(signal, () => void stop(code));
  try {
    return await torture(options);
  } finally {
    await ends.run();
  }
}

process.exitCode = await main();
