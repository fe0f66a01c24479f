import path from "node:path";

import type { Progress } from "../simulate/show-progress.ts";
import { applyMigrations } from "./apply-migrations.ts";
import { bundleWorker } from "./bundle-worker.ts";
import type { CleanUps } from "./clean-ups.ts";
import { installPeers } from "./install-peers.ts";
import { openClient } from "./open-client.ts";
import { openRuntime } from "./open-runtime.ts";
import { makeSecrets, openTenant } from "./open-tenant.ts";
import { playWorkload, type WorkloadResult } from "./play-workload.ts";
import { PEER_LIST, type ScimServer, startPeer, versionsOf } from "./start-peer.ts";
import type { WorkloadSize } from "./workload.ts";

/** One server, and how each of its runs went; why it could not run, if it could not. */
export interface Contender {
  readonly name: string;
  readonly setup: string;
  readonly runs: readonly WorkloadResult[];
  readonly problem: string | undefined;
}

export interface PeerComparison {
  readonly size: WorkloadSize;
  /** Ours first. */
  readonly contenders: readonly Contender[];
}

const STEPS = 6;
const WORKER = path.join(import.meta.dirname, "../../src/worker.ts");
const OURS = {
  name: "this server",
  setup:
    "workerd with local D1 and KV through Miniflare; preset `generic`; every write has its row in the journal",
};

/** Plays the workload so many times against each server, in turns and each time against an empty one. */
export async function comparePeers(
  size: WorkloadSize,
  rounds: number,
  ends: CleanUps,
  progress: Progress,
): Promise<PeerComparison> {
  const absent = await installPeers(ends);
  const script = bundleWorker(WORKER);
  const entrants = [
    { ...OURS, start: () => startOurs(script, ends) },
    ...(await Promise.all(
      PEER_LIST.map(async (peer) => ({
        name: peer.name,
        setup: absent === undefined ? `${await versionsOf(peer)}: ${peer.setup}` : peer.setup,
        start:
          absent === undefined
            ? () => startPeer(peer, ends)
            : () => Promise.reject(new Error(`not installed: ${absent}`)),
      })),
    )),
  ];
  const contenders = entrants.map(({ name, setup, start }) => ({
    name,
    setup,
    start,
    runs: [] as WorkloadResult[],
    problem: undefined as string | undefined,
  }));
  progress.begin("peers", contenders.length * rounds * STEPS);
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders.filter(({ problem }) => problem === undefined)) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one at a time, or they measure each other
        contender.runs.push(await play(await contender.start(), size, () => progress.tick()));
      } catch (error) {
        contender.problem = error instanceof Error ? error.message : String(error);
      }
    }
  }
  progress.end();
  return { size, contenders };
}

async function play(
  server: ScimServer,
  size: WorkloadSize,
  tick: () => void,
): Promise<WorkloadResult> {
  const headers = {
    Authorization: `Bearer ${server.token}`,
    "Content-Type": "application/scim+json",
  };
  const scim = openClient(server.url, headers, 1);
  try {
    return await playWorkload(scim, size, tick);
  } finally {
    scim.close();
    await server.stop();
  }
}

async function startOurs(script: string, ends: CleanUps): Promise<ScimServer> {
  const secrets = makeSecrets();
  const vars = { ...secrets, PUBLIC_URL: "https://scim.example.com", DEFAULT_TENANT: "" };
  const runtime = await openRuntime({ ours: script }, vars, ends);
  await applyMigrations(runtime.database);
  const tenant = await openTenant(runtime, "ours", secrets.ADMIN_TOKEN, { preset: "generic" });
  return { url: tenant.urlOf("ours"), token: tenant.token, stop: () => runtime.close() };
}
