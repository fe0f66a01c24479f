import path from "node:path";

import type { Progress } from "../simulate/show-progress.ts";
import { benchPerson, numberText, userNameOf } from "./bench-person.ts";
import { bundleWorker } from "./bundle-worker.ts";
import type { CleanUps } from "./clean-ups.ts";
import { compareGroups, type GroupComparison } from "./compare-groups.ts";
import { type BenchClient, openClient } from "./open-client.ts";
import { type Directory, openDirectory } from "./open-directory.ts";
import { type Load, type LoadResult, runLoad } from "./run-load.ts";
import { find, get, join, leave, patch, replace } from "./scim-requests.ts";
import { seedPlan, type SeedPlan } from "./seed-plan.ts";
import { seededId } from "./seeded-id.ts";
import { created } from "./seeding-target.ts";

export const CONNECTIONS = [1, 16] as const;
export const FLOOR = "floor: one KV get, one D1 select";
export const GET_BY_ID = "GET user by id";

export interface ThroughputOptions {
  readonly people: number;
  readonly rounds: number;
  readonly roundMilliseconds: number;
  /** How often one member is added to and removed from each group. */
  readonly memberships: number;
}

export interface ThroughputRun {
  readonly plan: SeedPlan;
  readonly options: ThroughputOptions;
  /** By connections, then by load: one result a round. */
  readonly results: ReadonlyMap<number, ReadonlyMap<string, readonly LoadResult[]>>;
  readonly groups: GroupComparison;
}

const WARM_UP_MS = 1000;
const ROOT = path.join(import.meta.dirname, "../..");

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
  const { tenant, runtime } = directory;
  const scim = tenant.clientOf("ours", connections);
  const floor = openClient(runtime.urls.get("floor")?.origin ?? "", {}, connections);
  const loads: [Load, BenchClient][] = [
    [floorLoad(directory), floor],
    ...(await scimLoads(directory, scim, connections)).map((load): [Load, BenchClient] => [
      load,
      scim,
    ]),
  ];
  const results = new Map<string, LoadResult[]>(loads.map(([{ name }]) => [name, []]));
  progress.begin(`${connections} at a time`, loads.length * (rounds + 1));
  for (let round = 0; round <= rounds; round++) {
    // In turns from either end, so that what drifts favours nobody.
    for (const [load, client] of round % 2 === 0 ? loads : loads.toReversed()) {
      const duration = round === 0 ? Math.min(WARM_UP_MS, roundMilliseconds) : roundMilliseconds;
      // oxlint-disable-next-line no-await-in-loop -- one at a time, or they measure each other
      const result = await runLoad(client, load, connections, duration);
      if (round > 0) results.get(load.name)?.push(result);
      progress.tick();
    }
  }
  progress.end();
  scim.close();
  floor.close();
  return results;
}

/** Numbers of people in a fixed order that jumps about. */
function somebodyOf({ people }: SeedPlan): () => number {
  let at = 0;
  return () => (++at * 7919) % people;
}

function floorLoad({ plan, tenant }: Directory): Load {
  const somebody = somebodyOf(plan);
  return {
    name: FLOOR,
    status: 200,
    next: () => get(`/${tenant.key}/${seededId("person", somebody())}`),
  };
}

async function scimLoads(
  { plan, groups }: Directory,
  scim: BenchClient,
  connections: number,
): Promise<Load[]> {
  const guests = await Promise.all(
    Array.from({ length: connections }, (_, at) =>
      created(
        { scim },
        "/Users",
        benchPerson({ number: numberText(6_000_000_000 + connections * 100 + at) }),
      ),
    ),
  );
  const reading = somebodyOf(plan);
  const finding = somebodyOf(plan);
  const changing = somebodyOf(plan);
  const inside = new Set<number>();
  let changes = 0;
  return [
    { name: GET_BY_ID, status: 200, next: () => get(`/Users/${seededId("person", reading())}`) },
    {
      name: "filter userName eq",
      status: 200,
      next: () => find("/Users", `userName eq "${userNameOf(numberText(finding()))}"`),
    },
    {
      name: "PATCH title",
      status: 200,
      next: () =>
        patch(`/Users/${seededId("person", changing())}`, replace("title", `Title ${++changes}`)),
    },
    {
      name: "PATCH large group: add or remove 1 member",
      status: 204,
      next(connection) {
        const guest = guests[connection] ?? "";
        if (inside.delete(connection)) return leave(groups.large, guest);
        inside.add(connection);
        return join(groups.large, guest);
      },
    },
  ];
}
