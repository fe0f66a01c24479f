import { arch, availableParallelism, cpus, platform, totalmem } from "node:os";

import { fromWrangler } from "./from-wrangler.ts";
import type { Part } from "./parse-arguments.ts";

const HEADINGS: Readonly<Record<Part, string>> = {
  budgets: "Budgets",
  throughput: "Throughput",
  peers: "Peers",
};

/** What one part found, as Markdown, and what of it is not as required. */
export interface Section {
  readonly part: Part;
  readonly text: string;
  readonly missed: readonly string[];
}

export interface Run {
  readonly command: string;
  readonly seconds: number;
  /** Processes that wanted a processor when it began, in the minute before. */
  readonly load: number;
}

/** The report of a run. */
export function renderReport(
  { command, seconds, load }: Run,
  sections: readonly Section[],
): string {
  const missed = sections.flatMap((section) => section.missed);
  return [
    "# Benchmarks",
    "",
    `Made by \`${command}\` on ${new Date().toISOString().slice(0, 10)}, in ${Math.round(seconds)} s.`,
    "",
    `${machine()}. Load average when it began: ${load.toFixed(1)}.`,
    "",
    "Everything ran on this one machine, with local D1 and KV: times are this machine's, and only their ratios mean",
    "something. Production D1 was not measured. Rows are counted as local D1's `meta` counts them.",
    "",
    ...sections.flatMap(({ part, text }) => [`## ${HEADINGS[part]}`, "", text, ""]),
    "## Verdict",
    "",
    ...(missed.length === 0
      ? ["Everything is as required."]
      : [`Not as required (${missed.length}):`, "", ...missed.map((one) => `- ${one}`)]),
    "",
  ].join("\n");
}

function machine(): string {
  const { version } = fromWrangler("workerd/package.json") as { version: string };
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  return `${availableParallelism()} cores (${model}), ${gibibytes} GiB, ${platform()} ${arch()}; Node ${process.version}, workerd ${version}`;
}
