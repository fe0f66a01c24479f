import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

import type { CleanUps } from "./clean-ups.ts";

export const PEERS = path.join(import.meta.dirname, "peers");
const TIMEOUT_MS = 180_000;
const OUTPUT_KEPT_CHARACTERS = 20_000;

/** Installs the peers' packages when they are not there; a sentence that says why it could not. */
export async function installPeers(ends: CleanUps): Promise<string | undefined> {
  if (existsSync(path.join(PEERS, "node_modules/.package-lock.json"))) return undefined;
  console.error("npm ci in tools/bench/peers, once …");
  const npm = spawn("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: PEERS,
    stdio: ["ignore", "ignore", "pipe"],
    timeout: TIMEOUT_MS,
  });
  const kill = ends.add(
    async () => npm.kill(),
    () => npm.kill(),
  );
  let output = "";
  npm.stderr.on("data", (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(0, OUTPUT_KEPT_CHARACTERS);
  });
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  npm.on("error", (error) => resolve(error.message));
  npm.on("close", (code) => resolve(code === 0 ? undefined : reasonIn(output)));
  const problem = await promise;
  await kill();
  return problem;
}

/** The first lines of what npm calls an error: what follows them is where it happened. */
function reasonIn(output: string): string {
  const errors = output.split("\n").flatMap((line) => /^npm error (\S.*)$/.exec(line)?.[1] ?? []);
  return errors.length === 0 ? "npm ci failed" : `npm ci: ${errors.slice(0, 3).join("; ")}`;
}
