import { randomBytes, randomUUID } from "node:crypto";

import { isRecord } from "../../test/scenarios/fill-template.ts";
import type { Fetch } from "../../test/scenarios/play-story.ts";
import { isForPreset } from "../../test/scenarios/story.ts";
import { ask, type Cycle, play } from "./cycle.ts";

/**
 * Plays every story that needs nothing but SCIM, one after the other and under names of this run's own, and
 * deletes whatever they created and did not delete themselves.
 */
export async function playStories(cycle: Cycle): Promise<void> {
  const due = [...cycle.stories].filter(
    ([, story]) =>
      story.per === "once" &&
      story.enrolled === undefined &&
      isForPreset(story, cycle.options.preset),
  );
  const left = new Set<string>();
  const { stage, progress, tally } = cycle;
  const watched = { ...cycle, stage: { ...stage, fetch: watch(stage.fetch, stage.baseUrl, left) } };
  progress.begin("stories", due.length);
  try {
    for (const [name] of due) {
      const run = randomBytes(4).toString("hex");
      const variables = { run, RUN: run.toUpperCase(), guid: randomUUID() };
      // oxlint-disable-next-line no-await-in-loop -- totals and pages are part of some stories
      if ((await play(watched, name, variables)) !== undefined) tally.stories += 1;
      progress.tick();
    }
  } finally {
    progress.end();
    await cleanUp(cycle, left);
  }
}

/** Notes the path of what is created and forgets what is deleted. */
function watch(fetch: Fetch, baseUrl: string, left: Set<string>): Fetch {
  return async (url, init) => {
    const answer = await fetch(url, init);
    const path = url.slice(baseUrl.length).replace(/\?.*$/, "");
    if (init.method === "POST" && answer.status === 201) {
      const text = await answer.text();
      const body: unknown = JSON.parse(text);
      if (isRecord(body) && typeof body["id"] === "string") left.add(`${path}/${body["id"]}`);
      return { ...answer, text: () => Promise.resolve(text) };
    }
    if (init.method === "DELETE" && answer.status === 204) left.delete(path);
    return answer;
  };
}

async function cleanUp(cycle: Cycle, left: ReadonlySet<string>): Promise<void> {
  cycle.progress.begin("clean-up", left.size);
  // Groups before people: each deletion then has less to take along.
  for (const path of [...left].toSorted()) {
    // oxlint-disable-next-line no-await-in-loop -- a deletion counts for the guard against mass deletion
    await ask(
      cycle,
      "deletes what a story left",
      { method: "DELETE", path },
      { status: [204, 404] },
    );
    cycle.progress.tick();
  }
  cycle.progress.end();
}
