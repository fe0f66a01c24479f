/** `npm run bench`: the budgets of every operation, the throughput, and one workload against this server and peers. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import path from "node:path";

import { BUDGETS } from "./bench/budgets.ts";
import { cleanUps } from "./bench/clean-ups.ts";
import { comparePeers } from "./bench/compare-peers.ts";
import { type BudgetRun, measureBudgets } from "./bench/measure-budgets.ts";
import { measureThroughput } from "./bench/measure-throughput.ts";
import { type BenchOptions, HELP, parseArguments, type Part } from "./bench/parse-arguments.ts";
import { missedBudgets, renderBudgets } from "./bench/render-budgets.ts";
import { renderPeers } from "./bench/render-peers.ts";
import { renderReport, type Section } from "./bench/render-report.ts";
import { missedThroughput, renderThroughput } from "./bench/render-throughput.ts";
import { showProgress } from "./simulate/show-progress.ts";

const REPORT = path.join(import.meta.dirname, "../docs/benchmarks.md");
const MOST_MINUTES = 90;
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const ends = cleanUps();
const progress = showProgress(process.stderr);
let stopping = false;

type Play = (options: BenchOptions) => Promise<Omit<Section, "part">>;

const PLAYS: Readonly<Record<Part, Play>> = {
  async budgets({ sizes }) {
    const runs: BudgetRun[] = [];
    // oxlint-disable-next-line no-await-in-loop -- a million people are enough at a time
    for (const people of sizes) runs.push(await measureBudgets(people, ends, progress));
    return { text: renderBudgets(BUDGETS, runs), missed: missedBudgets(BUDGETS, runs) };
  },
  async throughput({ crowd, quick }) {
    const effort = quick
      ? { rounds: 3, roundMilliseconds: 500, memberships: 100 }
      : { rounds: 10, roundMilliseconds: 2000, memberships: 500 };
    const run = await measureThroughput({ people: crowd, ...effort }, ends, progress);
    return { text: renderThroughput(run), missed: missedThroughput(run) };
  },
  async peers({ quick }) {
    const size = quick ? { people: 100, groups: 5 } : { people: 500, groups: 20 };
    return {
      text: renderPeers(await comparePeers(size, quick ? 1 : 3, ends, progress)),
      missed: [],
    };
  },
};

/** A part that breaks down says so in the report, and the others are played. */
async function playPart(part: Part, options: BenchOptions): Promise<Section> {
  try {
    return { part, ...(await PLAYS[part](options)) };
  } catch (error) {
    if (!stopping) console.error(error);
    const reason = error instanceof Error ? error.message : String(error);
    return { part, text: `Not measured: ${reason}`, missed: [`${part}: not measured`] };
  }
}

async function bench(options: BenchOptions): Promise<number> {
  const begun = performance.now();
  const [load = 0] = loadavg();
  const sections: Section[] = [];
  for (const part of options.parts) {
    // oxlint-disable-next-line no-await-in-loop -- one at a time, or they measure each other
    if (!stopping) sections.push(await playPart(part, options));
  }
  const command = ["npm run bench --", ...process.argv.slice(2)].join(" ").replace(/ --$/, "");
  const seconds = (performance.now() - begun) / 1000;
  const report = renderReport({ command, seconds, load }, sections);
  console.log(report);
  if (options.write) {
    writeFileSync(REPORT, report);
    // The check of the format reads documents too.
    execFileSync("oxfmt", [REPORT], { stdio: "ignore" });
  }
  return sections.every(({ missed }) => missed.length === 0) ? 0 : 1;
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
    console.error(`${options}\nnpm run bench -- --help lists the flags.`);
    return 2;
  }
  process.on("exit", () => ends.runAtExit());
  for (const [signal, code] of Object.entries(SIGNALS)) process.on(signal, () => void stop(code));
  const overdue = setTimeout(() => {
    console.error(`Not done after ${MOST_MINUTES} minutes.`);
    void stop(1);
  }, MOST_MINUTES * 60_000);
  try {
    return await bench(options);
  } finally {
    clearTimeout(overdue);
    await ends.run();
  }
}

process.exitCode = await main();
