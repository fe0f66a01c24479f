import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs wrangler with these arguments and waits for its end. `input` is what it reads from stdin: a secret goes
 * that way, because the arguments of a process are readable by everybody on its machine.
 */
export type RunWrangler = (args: readonly string[], input?: string) => Promise<Finished>;

/** No prompt, no telemetry, no banner, no colours; what the user has set wins. */
const QUIET = {
  CI: "1",
  FORCE_COLOR: "0",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_HIDE_BANNER: "true",
};
const WRANGLER = path.join(
  path.dirname(createRequire(import.meta.url).resolve("wrangler/package.json")),
  "bin/wrangler.js",
);

/** Runs the project's own wrangler, under this very Node, in the project's folder. */
export function wranglerIn(root: string, script = WRANGLER): RunWrangler {
  return function runWrangler(args, input = "") {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      env: { ...QUIET, ...process.env },
      stdio: "pipe",
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    // It may end without having read: its exit code says more than a broken pipe.
    child.stdin.on("error", () => undefined).end(input);
    const { promise, resolve } = Promise.withResolvers<Finished>();
    child.on("error", (error) => resolve({ code: 1, stdout: "", stderr: error.message }));
    child.on("close", (code) =>
      resolve({
        code: code ?? 1,
        stdout: stripVTControlCharacters(stdout),
        stderr: stripVTControlCharacters(stderr),
      }),
    );
    return promise;
  };
}
