import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { finished } from "node:stream/promises";
import { fileURLToPath } from "node:url";

export interface Wrangler {
  /** Its exit code, once it is gone and everything that it started too. */
  readonly exited: Promise<number>;
  /** What it has printed while it was not shown, on lines of its own. */
  unseenOutput(): string;
  /** Shows from now on what it prints. */
  show(): void;
  stop(): Promise<void>;
}

/** No prompt, no network, no telemetry, no banner, no line per request; what the user has set wins. */
const QUIET = {
  CI: "1",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_HIDE_BANNER: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
};

const OUTPUT_KEPT_CHARACTERS = 20_000;
const STOP_DEADLINE_MS = 3000;
const WRANGLER = path.dirname(createRequire(import.meta.url).resolve("wrangler/package.json"));
const SUPERVISOR = fileURLToPath(import.meta.resolve("./supervise.ts"));

/** Starts the project's own wrangler under this very Node, in a process group of its own. */
export function startWrangler(
  args: readonly string[],
  root: string,
  env: Record<string, string> = {},
): Wrangler {
  const script = path.join(WRANGLER, "bin/wrangler.js");
  const child = spawn(process.execPath, [SUPERVISOR, script, ...args], {
    cwd: root,
    detached: true,
    env: { ...QUIET, ...env, ...process.env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let unseen = "";
  let shown = false;
  for (const [stream, target] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    stream?.on("data", (chunk: Buffer) => {
      if (shown) target.write(chunk);
      else unseen = (unseen + chunk.toString()).slice(-OUTPUT_KEPT_CHARACTERS);
    });
  }

  const { promise: exited, resolve } = Promise.withResolvers<number>();
  child.on("error", () => resolve(1));
  // Not "close": it never comes after a disconnect of ours.
  child.on("exit", (code) => {
    killGroup(child.pid);
    const ends = [child.stdout, child.stderr].flatMap((stream) =>
      stream === null ? [] : [finished(stream)],
    );
    void Promise.allSettled(ends).then(() => resolve(code ?? 1));
  });

  return {
    exited,
    unseenOutput: () => (unseen.trim() === "" ? "" : `\n${unseen.trim()}`),
    show: () => {
      shown = true;
    },
    stop: async () => {
      // Its last words (esbuild's complaint about its pipe) say nothing to anybody.
      shown = false;
      if (child.connected) child.disconnect();
      const deadline = setTimeout(() => killGroup(child.pid), STOP_DEADLINE_MS);
      await exited;
      clearTimeout(deadline);
    },
  };
}

function killGroup(leader: number | undefined): void {
  if (leader === undefined || process.platform === "win32") return;
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // Nothing is left of the group.
  }
}
