import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { newestOf, readDevVars } from "./dev-vars.ts";
import { findFreePort } from "./find-free-port.ts";

/** What `npm run dev` tells whoever started it over a channel, once all of it is there. */
export const READY = "ready";

export interface DevServer {
  readonly url: string;
  /** The operator's key. */
  readonly adminToken: string;
  /** The database of its own that it began with; `openLocalDatabase` reads it. */
  readonly folder: string;
  /** Ends it and everything that it has started, and removes what it has stored. */
  readonly stop: () => Promise<void>;
}

const DEV = path.join(import.meta.dirname, "../dev.ts");
const OUTPUT_KEPT_CHARACTERS = 20_000;
const STOP_DEADLINE_MS = 10_000;
const PORTS = { first: 20_000, count: 10_000 };

/**
 * `npm run dev` for a program: on a free port, with secrets and a database of its own that are gone with it, so that
 * it neither needs nor touches what the developer has. It ends with the process that called this, however that ends.
 * `vars` are variables of the Worker. Rejects with what the server printed when it does not start.
 */
export async function startDevServer({
  port,
  vars = {},
}: {
  readonly port?: number;
  readonly vars?: Readonly<Record<string, string>>;
} = {}): Promise<DevServer> {
  const free = port ?? (await findFreePort(somePort(), undefined));
  const folder = mkdtempSync(path.join(os.tmpdir(), "scim-edge-dev-"));
  const secrets = path.join(folder, "secrets");
  // Node reads --env-file of the script's arguments as its own, and ends where there is no such file.
  writeFileSync(secrets, "", { mode: 0o600 });
  const flags = ["--port", String(free), "--persist-to", folder, "--env-file", secrets];
  const given = Object.entries(vars).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
  const child = spawn(process.execPath, [DEV, ...flags, ...given], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-OUTPUT_KEPT_CHARACTERS);
    });
  }
  const gone = once(child, "exit");

  async function stop(): Promise<void> {
    if (child.connected) child.disconnect();
    const deadline = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
    await gone;
    clearTimeout(deadline);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  const started = await Promise.race([once(child, "message"), gone.then(() => undefined)]);
  if (started === undefined) {
    await stop();
    throw new Error(`npm run dev does not start.\n${output}`);
  }
  const { ADMIN_TOKEN } = readDevVars(secrets);
  return { url: `http://localhost:${free}`, adminToken: newestOf(ADMIN_TOKEN), folder, stop };
}

/** Somewhere else each time: two that look for a free one at the same moment would find the same. */
const somePort = () => PORTS.first + Math.floor(Math.random() * PORTS.count);
