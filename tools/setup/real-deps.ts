import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { setTimeout as pause } from "node:timers/promises";

import type { Deps } from "./deps.ts";
import type { HealthAnswer } from "./read-health.ts";
import { wranglerIn } from "./run-wrangler.ts";

const PATIENCE_MS = 10_000;

/** The terminal, the files and the network of this machine, for the project in this folder. */
export function realDeps(root: string): Deps {
  const file = path.join(root, "wrangler.toml");
  const migrations = readdirSync(path.join(root, "migrations"));
  return {
    run: wranglerIn(root),
    readToml: () => readFileSync(file, "utf8"),
    writeToml(text) {
      // In one step: an interruption leaves the old file.
      const temporary = `${file}.${process.pid}.tmp`;
      writeFileSync(temporary, text);
      renameSync(temporary, file);
    },
    announce: (line) => console.log(`\n${line}`),
    say: (line) => console.log(line.replaceAll(/^(?=.)/gm, "    ")),
    ask,
    randomSecret: () => randomBytes(32).toString("base64url"),
    chosenAccount: process.env["CLOUDFLARE_ACCOUNT_ID"] || undefined,
    newestMigration:
      migrations
        .filter((name) => name.endsWith(".sql"))
        .toSorted()
        .at(-1) ?? "",
    askHealth,
    pause: (milliseconds) => pause(milliseconds),
  };
}

async function ask(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(`    ${question}`);
  } finally {
    terminal.close();
  }
}

async function askHealth(url: string): Promise<HealthAnswer | undefined> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(PATIENCE_MS),
      redirect: "manual",
    });
    const mitigated = response.headers.get("cf-mitigated") ?? undefined;
    return { status: response.status, text: await response.text(), mitigated };
  } catch {
    return undefined;
  }
}
