import { type Played, playStory, type Stage } from "../../test/scenarios/play-story.ts";
import type { Step, Story } from "../../test/scenarios/story.ts";
import { NoAnswer } from "./open-transport.ts";
import type { SimulateOptions } from "./parse-arguments.ts";
import type { Progress } from "./show-progress.ts";
import type { Tally } from "./tally.ts";

/** What every part of a provisioning cycle shares. */
export interface Cycle {
  readonly options: SimulateOptions;
  readonly stage: Stage;
  readonly stories: ReadonlyMap<string, Story>;
  readonly tally: Tally;
  readonly progress: Progress;
}

/** Plays a story by its name and notes what was unexpected; undefined when something was. */
export async function play(
  cycle: Cycle,
  name: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Played | undefined> {
  const story = cycle.stories.get(name);
  if (story === undefined) throw new Error(`There is no story ${name}.`);
  return playNoted(cycle, story, variables);
}

/** One call outside every story, held to the same rules; its body, or undefined when it was unexpected. */
export async function ask(
  cycle: Cycle,
  name: string,
  request: Step["request"],
  expect: Step["expect"],
): Promise<Played | undefined> {
  const story: Story = { name, source: "", per: "once", steps: [{ name, request, expect }] };
  return playNoted(cycle, story, {});
}

async function playNoted(
  cycle: Cycle,
  story: Story,
  variables: Readonly<Record<string, unknown>>,
): Promise<Played | undefined> {
  const { stage, tally } = cycle;
  try {
    const played = await playStory(story, {
      ...stage,
      variables: { ...stage.variables, ...variables },
    });
    for (const { name, method, url, problems } of played.steps) {
      const place = name === story.name ? name : `${story.name}: ${name}`;
      const call = `${method} ${url.slice(stage.baseUrl.length)}`;
      tally.failures.push(...problems.map((problem) => `${place}\n    ${call}\n    ${problem}`));
    }
    return played.passed ? played : undefined;
  } catch (error) {
    if (!(error instanceof NoAnswer) || tally.latencies.length === 0) throw error;
    tally.failures.push(`${story.name}\n    no answer: ${error.message}`);
    return undefined;
  }
}

/** The body of the last answer of a story. */
export function lastBody(played: Played | undefined): unknown {
  return played?.steps.at(-1)?.body;
}
