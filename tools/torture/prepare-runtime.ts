import { mkdtempSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { applyMigrations } from "../bench/apply-migrations.ts";
import { bundleWorker } from "../bench/bundle-worker.ts";
import type { CleanUps } from "../bench/clean-ups.ts";
import { makeSecrets } from "../bench/open-tenant.ts";
import { type MortalRuntime, startRuntime } from "./start-runtime.ts";

const ENTRY = path.join(import.meta.dirname, "../../src/worker.ts");
const ALL = { recursive: true, force: true };

export interface PreparedRuntime {
  readonly adminToken: string;
  /** The first one, with an empty database. */
  readonly first: MortalRuntime;
  /** Another one on the same files, once the one before is gone. */
  startAgain(): Promise<MortalRuntime>;
}

/** The Worker of this project, with a temporary folder for all that it stores. */
export async function prepareRuntime(ends: CleanUps): Promise<PreparedRuntime> {
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
  const first = await start();
  await applyMigrations(first.database);
  return { adminToken: secrets.ADMIN_TOKEN, first, startAgain: start };
}
