import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import worker from "../../src/worker.ts";
import { COUNT_CHANGES, findViolations } from "../../tools/torture/invariants.ts";
import { anyStory } from "../../tools/torture/model/commands/all-commands.ts";
import { playStory } from "../../tools/torture/model/play-story.ts";
import type { System } from "../../tools/torture/model/system.ts";
import { workerEnv } from "../call-worker.ts";
import { admin, mintTenant } from "../mint-tenant.ts";

/** About 300 commands; `npm run torture -- --model 10000` plays more. */
const STORIES = 12;
const SEED = 20_261_122;

/** What one run of the cron trigger marks, the next one retires. */
const bindings = workerEnv({ DEPARTMENT_GRACE_HOURS: "0" });

async function openSystem(): Promise<System> {
  const settings = { deactivationGuard: null };
  const { scim, slug, key } = await mintTenant({ preset: "training", settings });
  return {
    scim: (method, path, body, headers) => scim.send(method, path, body, headers),
    admin: (method, path, body) => admin(method, `/tenants/${slug}${path}`, body),
    cron: () => worker.scheduled(createScheduledController(), bindings),
    changes: async () => (await env.DB.prepare(COUNT_CHANGES).bind(key).first<number>("n")) ?? 0,
    violations: () => findViolations(env.DB, key),
  };
}

describe("the server", () => {
  it("does what a small model of it does, whatever comes in whatever order", async () => {
    const counter = { played: 0 };
    await fc.assert(
      fc.asyncProperty(anyStory(counter), async (story) => playStory(story, await openSystem())),
      {
        seed: SEED,
        numRuns: STORIES,
        unbiased: true,
        // What is found is told in time, if not in its shortest form.
        plugins: [fc.interruptAfterTimeLimit(90_000)],
      },
    );
    expect(counter.played).toBeGreaterThan(200);
  }, 120_000);
});
