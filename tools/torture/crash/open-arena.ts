import { mkdtempSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { applyMigrations } from "../../bench/apply-migrations.ts";
import { bundleWorker } from "../../bench/bundle-worker.ts";
import type { CleanUps } from "../../bench/clean-ups.ts";
import { type BenchClient, openClient } from "../../bench/open-client.ts";
import { makeSecrets, openTenant } from "../../bench/open-tenant.ts";
import { type MortalRuntime, startRuntime, WORKER } from "../start-runtime.ts";

const ENTRY = path.join(import.meta.dirname, "../../../src/worker.ts");
const SCIM = "/api/v1/scim/v2";
const ALL = { recursive: true, force: true };

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
  // Not the asynchronous one: a process that ends before its answer leaves the folder behind.
  const folder = mkdtempSync(path.join(tmpdir(), "scim-edge-torture-"));
  ends.add(
    () => rm(folder, ALL),
    () => rmSync(folder, ALL),
  );
  const secrets = makeSecrets();
  const bindings = {
    ...secrets,
    SCIM_TOKEN: "",
    PUBLIC_URL: "https://scim.example.com",
    DEFAULT_TENANT: "",
    // What one run of the cron trigger marks, the next one retires.
    DEPARTMENT_GRACE_HOURS: "0",
  };
  const script = bundleWorker(ENTRY);
  const start = () => startRuntime(script, { folder, bindings }, ends);
  let runtime = await start();
  await applyMigrations(runtime.database);
  const { key, token } = await openTenant(runtime, WORKER, secrets.ADMIN_TOKEN, { ...tenant });
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
      runtime = await start();
    },
  };
}
