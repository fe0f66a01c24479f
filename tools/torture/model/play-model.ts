import fc from "fast-check";

import type { CleanUps } from "../../bench/clean-ups.ts";
import type { Progress } from "../../simulate/show-progress.ts";
import { prepareRuntime } from "../prepare-runtime.ts";
import { anyStory } from "./commands/all-commands.ts";
import type { Counter } from "./commands/define-command.ts";
import { openSystems } from "./open-systems.ts";
import { playStory } from "./play-story.ts";

export interface ModelReport {
  stories: number;
  commands: number;
  /** How often each request got each status: a model that is never refused anything shows little. */
  readonly answers: Record<string, number>;
  /** Undefined: server and model agreed. */
  failure?: Failure;
}

export interface Failure {
  /** For `--seed`. */
  readonly seed: number;
  readonly difference: string;
  /** The fewest commands that show it. */
  readonly commands: readonly string[];
  /** What they asked, and how it was answered. */
  readonly requests: readonly string[];
}

const STORIES_AT_A_TIME = 10;

export async function playModel(
  { commands, seed }: { commands: number; seed: number },
  deadline: number,
  ends: CleanUps,
  progress: Progress,
): Promise<ModelReport> {
  const { adminToken, first: runtime } = await prepareRuntime(ends);
  const systems = await openSystems(runtime, adminToken);
  const report: ModelReport = { stories: 0, commands: 0, answers: {} };
  let failed: readonly string[] = [];
  const counter: Counter = { played: 0 };
  progress.begin("commands", commands);

  const property = fc.asyncProperty(anyStory(counter), async (story) => {
    const before = counter.played;
    const played = await systems.open();
    const { transcript } = played;
    try {
      await playStory(story, played.system);
    } catch (error) {
      // The last story that fails is the shortest.
      failed = transcript;
      throw error;
    } finally {
      await played.forget();
    }
    report.stories += 1;
    tally(report.answers, transcript);
    // The last story may have a few more.
    const shown = Math.min(counter.played, commands);
    for (let done = before; done < shown; done++) progress.tick();
  });

  for (let part = 0; counter.played < commands && Date.now() < deadline; part++) {
    // oxlint-disable-next-line no-await-in-loop -- until there are as many as were asked for
    const result = await fc.check(property, {
      seed: seed + part,
      numRuns: STORIES_AT_A_TIME,
      // Else most stories are short, and little happens in them.
      unbiased: true,
      plugins: [fc.interruptAfterTimeLimit(Math.max(1, deadline - Date.now()))],
    });
    report.commands = counter.played;
    if (!result.failed) continue;
    report.failure = failureOf(result, seed + part, failed);
    break;
  }
  progress.end();
  await runtime.close();
  const answers = Object.entries(report.answers).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { ...report, answers: Object.fromEntries(answers) };
}

function tally(answers: Record<string, number>, transcript: readonly string[]): void {
  for (const line of transcript) {
    const kind = line.replace(/^(\S+ \/[a-z]+).* (\d+)$/is, "$1 $2");
    answers[kind] = (answers[kind] ?? 0) + 1;
  }
}

function failureOf(
  { counterexample, errorInstance }: fc.RunDetails<unknown>,
  seed: number,
  requests: readonly string[],
): Failure {
  return {
    seed,
    difference: errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
    commands: storyIn(counterexample).map(String),
    requests,
  };
}

/** The guarantee of the cast: the property has one argument, a story. */
const storyIn = (counterexample: unknown): unknown[] => [
  ...((counterexample as [Iterable<unknown>] | null)?.[0] ?? []),
];
