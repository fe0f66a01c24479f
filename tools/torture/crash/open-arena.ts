import type { CleanUps } from "../../bench/clean-ups.ts";
import { type BenchClient, openClient } from "../../bench/open-client.ts";
import { openTenant } from "../../bench/open-tenant.ts";
import { prepareRuntime } from "../prepare-runtime.ts";
import { type MortalRuntime, WORKER } from "../start-runtime.ts";

const SCIM = "/api/v1/scim/v2";

/** A runtime that can be killed and started again on the same files, with one tenant in it. */
export interface Arena {
  readonly tenantKey: number;
  /** The one that runs now. */
  readonly runtime: MortalRuntime;
  client(connections: number): BenchClient;
  /** After the runtime was killed. */
  restart(): Promise<void>;
}

export async function openArena(
  tenant: { readonly preset: string; readonly settings: Readonly<Record<string, unknown>> },
  ends: CleanUps,
): Promise<Arena> {
  const prepared = await prepareRuntime(ends);
  let runtime = prepared.first;
  const { key, token } = await openTenant(runtime, WORKER, prepared.adminToken, { ...tenant });
  return {
    tenantKey: key,
    get runtime() {
      return runtime;
    },
    client: (connections) =>
      openClient(
        runtime.origin + SCIM,
        { Authorization: `Bearer ${token}`, "Content-Type": "application/scim+json" },
        connections,
      ),
    async restart() {
      runtime = await prepared.startAgain();
    },
  };
}
