import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import worker from "../../src/worker.ts";
import type { FaultCase } from "../admin/faults/fault-table.ts";
import { tripOf, type Trip } from "../admin/faults/faulty-databases.ts";
import { openTheatre, withoutWaiting, type Theatre } from "../admin/faults/theatre.ts";
import { makeScene } from "../admin/faults/fault-scene.ts";
import { workerEnv } from "../call-worker.ts";
import { admin, mintTenant } from "../mint-tenant.ts";
import { patchOf } from "../scim-client.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";

/** Whose rows tell how often a run was begun, and not what it did. */
const RUNS: FaultCase = {
  method: "CRON",
  path: () => "",
  resumes: ["leases", "reconciliations", "sqlite_sequence"],
};

let theatre: Theatre;
let resume: () => void;
let clean: string;

/** A scene with work for the jobs: somebody to recompute, a tenant to purge, departments to retire and to mark. */
async function makeWork() {
  const scene = await makeScene();
  const gone = await mintTenant();
  await gone.scim.post("/Users", { userName: "ana" });
  await admin("DELETE", `/tenants/${gone.slug}?confirm=${gone.slug}`);
  await scene.tenant.scim.patch(
    `/Users/${scene.inactive}`,
    patchOf({ op: "replace", path: "title", value: "Cook" }),
  );
  await admin("DELETE", `/tenants/${scene.slug}/users/${scene.managed}`);
  await env.DB.prepare("UPDATE tenant_states SET recompute_after = '' WHERE tenant_key = ?")
    .bind(scene.tenant.key)
    .run();
  return scene;
}

/** One run of the cron trigger: what each of its round trips did. They may fail before or after they are done. */
async function run(fails: (trip: number) => "before" | "after" | undefined = () => undefined) {
  const trips: Trip[] = [];
  const DB = interceptD1(env.DB, async ({ statements, send }) => {
    trips.push(tripOf(statements));
    const when = fails(trips.length);
    if (when === undefined) return send();
    if (when === "after") await send();
    throw new Error("D1_ERROR: a text that nobody has seen yet");
  });
  await worker.scheduled(createScheduledController(), workerEnv({ DB }));
  theatre.changed();
  return trips;
}

/** What whoever held the leases would have done by now: minutes pass. */
const releaseLeases = () => env.DB.prepare("UPDATE leases SET expires_at = ''").run();

async function runUntilDone(): Promise<string> {
  await releaseLeases();
  await run();
  await releaseLeases();
  await run();
  return theatre.left(RUNS);
}

beforeAll(async () => {
  theatre = await openTheatre(makeWork);
  resume = withoutWaiting();
  clean = await runUntilDone();
  resume();
});
beforeEach(async () => {
  await theatre.reset();
  resume = withoutWaiting();
});
afterEach(() => resume());

describe("the jobs of the cron trigger", () => {
  it("have something to do", async () => {
    const before = await theatre.left(RUNS);
    expect(clean).not.toBe(before);
  });

  it("make up for a write whose answer is lost", { timeout: 60_000 }, async () => {
    const trips = await run();
    for (const [index, trip] of trips.entries()) {
      if (trip === "read") continue;
      await theatre.reset();
      await run((number) => (number === index + 1 ? "after" : undefined));
      expect(await runUntilDone(), `round trip ${index + 1} of ${trips.join()}`).toBe(clean);
    }
  });

  it("make up for a run that is killed at any round trip", { timeout: 60_000 }, async () => {
    const { length } = await run();
    for (let at = 1; at <= length; at++) {
      await theatre.reset();
      await run((trip) => (trip >= at ? "before" : undefined));
      expect(await runUntilDone(), `round trip ${at} of ${length}`).toBe(clean);
    }
  });

  it("do the same in runs that overlap", { timeout: 60_000 }, async () => {
    for (let round = 0; round < 3; round++) {
      await theatre.reset();
      await Promise.all([run(), run(), run()]);
      expect(await runUntilDone()).toBe(clean);
    }
  });
});
