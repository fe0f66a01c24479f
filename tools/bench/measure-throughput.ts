import path from "node:path";

import type { Progress } from "../simulate/show-progress.ts";
import { bundleWorker } from "./bundle-worker.ts";
import type { CleanUps } from "./clean-ups.ts";
import { compareGroups } from "./compare-groups.ts";
import { openLoads } from "./loads.ts";
import { type Directory, openDirectory } from "./open-directory.ts";
import { type Load, type LoadResult, noResult, runLoad } from "./run-load.ts";
import { get } from "./scim-requests.ts";
import { seedPlan } from "./seed-plan.ts";
import { CONNECTIONS, type ThroughputOptions, type ThroughputRun } from "./throughput-run.ts";

const SLICE_MS = 250;
const ROOT = path.join(import.meta.dirname, "../..");

/** Both Workers in one workerd, on the same data. */
export async function measureThroughput(
  options: ThroughputOptions,
  ends: CleanUps,
  progress: Progress,
): Promise<ThroughputRun> {
  const plan = seedPlan(options.people);
  const scripts = {
    ours: bundleWorker(path.join(ROOT, "src/worker.ts")),
    floor: bundleWorker(path.join(import.meta.dirname, "floor-worker.ts")),
  };
  const directory = await openDirectory(scripts, plan, ends, progress);
  try {
    await shareAdmission(directory);
    const results = new Map<number, Map<string, LoadResult[]>>();
    for (const connections of CONNECTIONS) {
      // oxlint-disable-next-line no-await-in-loop -- one at a time, or they measure each other
      results.set(connections, await playRounds(directory, options, connections, progress));
    }
    const groups = await compareGroups(directory, options.memberships, progress);
    return { plan, options, results, groups };
  } finally {
    await directory.runtime.close();
  }
}

/** The floor reads from KV what an authenticated request reads. */
async function shareAdmission({ runtime, tenant }: Directory): Promise<void> {
  const scim = tenant.clientOf("ours", 1);
  await scim.send(get("/Users?count=1"));
  scim.close();
  const { keys } = await runtime.kv.list({ prefix: "token:" });
  const admission = await runtime.kv.get(keys[0]?.name ?? "");
  if (admission === null) throw new Error("KV does not know the token.");
  await runtime.kv.put("floor", admission);
}

async function playRounds(
  directory: Directory,
  { rounds, roundMilliseconds }: ThroughputOptions,
  connections: number,
  progress: Progress,
): Promise<Map<string, LoadResult[]>> {
  const { loads, close } = await openLoads(directory, connections);
  const results = new Map<string, LoadResult[]>(loads.map(({ name }) => [name, []]));
  progress.begin(`${connections} at a time`, rounds + 1);
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    // oxlint-disable-next-line no-await-in-loop -- one at a time, or they measure each other
    const played = await playRound(loads, connections, roundMilliseconds);
    if (round > 0) for (const [name, result] of played) results.get(name)?.push(result);
    progress.tick();
  }
  progress.end();
  close();
  return results;
}

/** In short slices from either end in turns, so that what slows the machine down slows all of them down. */
async function playRound(
  loads: readonly Load[],
  connections: number,
  milliseconds: number,
): Promise<ReadonlyMap<string, LoadResult>> {
  const results = new Map(loads.map(({ name }) => [name, noResult()]));
  for (let slice = 0; slice * SLICE_MS < milliseconds; slice++) {
    for (const load of slice % 2 === 0 ? loads : loads.toReversed()) {
      // oxlint-disable-next-line no-await-in-loop -- one at a time, or they measure each other
      await runLoad(load, connections, SLICE_MS, results.get(load.name) ?? noResult());
    }
  }
  return results;
}
