/**
 * `npm run dev`: secrets, database, server, a tenant to play with, and the words to go on. No network, no
 * account, no prompt.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { completeDevVars, newestOf, readDevVars } from "./dev/dev-vars.ts";
import { findFreePort, isFree } from "./dev/find-free-port.ts";
import { listDatabases } from "./dev/list-databases.ts";
import { type DevFlags, localUrl, parseFlags } from "./dev/parse-flags.ts";
import { DEMO_SLUG, seedDemo } from "./dev/seed-demo.ts";
import { startWrangler, type Wrangler } from "./dev/start-wrangler.ts";
import { waitForHealth } from "./dev/wait-for-health.ts";
import { READY } from "./dev/start-dev-server.ts";
import { whenNpmIsGone } from "./dev/watch-parents.ts";
import { welcome } from "./dev/welcome.ts";

const HELP = `npm run dev [-- FLAGS]

Creates .dev.vars with random secrets (adds missing ones, never changes one), applies the local migrations,
starts the Worker, seeds the tenant "demo" when the database is new, and prints where to go.

  --port N           port to listen on (default 8787)
  --ip ADDRESS       address to listen on (default: this machine only)
  --persist-to DIR   where the local database lives (default .wrangler/state)
  --env-file FILE    where the secrets are (default .dev.vars)
  --help             this text

Every other flag goes to "wrangler dev" as it is.`;

const ROOT = path.dirname(import.meta.dirname);
/** A client that hangs up half-way through a body can end wrangler's proxy; one that dies sooner than this has another reason. */
const SHORTEST_LIFE_MS = 3000;
const EXIT_CODES = { SIGINT: 0, SIGTERM: 143, SIGHUP: 129 } as const;

let current: Wrangler | undefined;
let stopping = false;

/** Prints a sentence, stops what runs and ends with the code. */
async function end(code: number, sentence?: string): Promise<never> {
  stopping = true;
  if (sentence !== undefined) console.error(`\n${sentence}`);
  await current?.stop();
  process.exit(code);
}

for (const [signal, code] of Object.entries(EXIT_CODES))
  process.on(signal, () => stopping || void end(code));
// Whoever read our output is gone: nobody is left to press Ctrl-C.
process.stdout.on("error", () => stopping || void end(0));
whenNpmIsGone(() => stopping || void end(143));
// Whoever started this with a channel hangs up, or is gone.
process.on("disconnect", () => stopping || void end(0));

async function run(
  args: readonly string[],
  env?: Record<string, string>,
): Promise<{ code: number; output: string }> {
  current = startWrangler(args, ROOT, env);
  const code = await current.exited;
  // A stop is on its way, and it ends the process.
  if (stopping) await new Promise(() => undefined);
  return { code, output: current.unseenOutput() };
}

/** Prints which of the four steps is being done, and what came of it. */
async function step(
  number: number,
  name: string,
  work: () => Promise<string> | string,
): Promise<void> {
  const begun = Date.now();
  process.stdout.write(`${number}/4 ${name.padEnd(9)} `);
  const outcome = await work();
  process.stdout.write(`${outcome} (${((Date.now() - begun) / 1000).toFixed(1)} s)\n`);
}

function secrets(file: string): string {
  const added = completeDevVars(file);
  const name = path.relative(ROOT, file);
  return added.length === 0 ? `${name} has them all` : `added ${added.join(", ")} to ${name}`;
}

async function databases(flags: DevFlags): Promise<string> {
  let applied = 0;
  const file = path.resolve(ROOT, flags.config ?? "wrangler.toml");
  // One that is missing is wrangler's to complain of.
  const toml = existsSync(file) ? readFileSync(file, "utf8") : "";
  for (const binding of listDatabases(toml)) {
    const args = ["d1", "migrations", "apply", binding, "--local", ...flags.database];
    // oxlint-disable-next-line no-await-in-loop -- they share files of wrangler's
    const { code, output } = await run(args, { WRANGLER_LOG: "log" });
    if (code !== 0) return end(code, `The migrations of ${binding} failed.${output}`);
    applied += new Set(output.match(/\S+\.sql(?=.*✅)/g)).size;
  }
  return applied === 0 ? "up to date" : `${applied} migration${applied === 1 ? "" : "s"} applied`;
}

async function server(flags: DevFlags, local: string, publicUrl: string): Promise<string> {
  const vars = Object.entries({ PUBLIC_URL: publicUrl, DEFAULT_TENANT: DEMO_SLUG })
    .filter(([name]) => !flags.vars.has(name))
    .flatMap(([name, value]) => ["--var", `${name}:${value}`]);
  const start = () => startWrangler(["dev", ...flags.dev, ...vars], ROOT, { WRANGLER_LOG: "warn" });
  let isServing = false;
  const watch = (watched: Wrangler): void => {
    current = watched;
    const begun = Date.now();
    void watched.exited.then((code) => {
      if (stopping) return;
      const gone = `wrangler dev has ended by itself, with code ${code}.`;
      if (!isServing || Date.now() - begun < SHORTEST_LIFE_MS) {
        return end(code, `${gone}${watched.unseenOutput()}`);
      }
      console.error(`\n${gone} Starting it again; nothing that was answered is lost.`);
      const next = start();
      next.show();
      return watch(next);
    });
  };
  const wrangler = start();
  watch(wrangler);
  const complaint = await waitForHealth(local);
  if (complaint === "") return end(1, `The Worker does not answer.${wrangler.unseenOutput()}`);
  if (complaint !== undefined) {
    const hint = "A secret whose line is deleted from .dev.vars is made anew by npm run dev.";
    return end(1, `The Worker does not start: ${complaint}\n${hint}`);
  }
  wrangler.show();
  isServing = true;
  return `listening on ${local}`;
}

async function tenant(local: string, adminToken: string): Promise<string> {
  try {
    const outcome = await seedDemo(local, adminToken);
    return outcome === "seeded"
      ? `${DEMO_SLUG} seeded (preset training, three people enrolled by hand)`
      : `${DEMO_SLUG} is there`;
  } catch (error) {
    return `not seeded: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function main(): Promise<void> {
  const flags = parseFlags(process.argv.slice(2));
  if (typeof flags === "string") return end(2, flags);
  if (flags.help) return console.log(HELP);
  if (!(await isFree(flags.port, flags.ip))) {
    const other = await findFreePort(flags.port, flags.ip);
    return end(
      1,
      `Port ${flags.port} is in use. Type: npm run dev -- --port ${other ?? flags.port + 1}`,
    );
  }
  const local = localUrl(flags);
  const publicUrl = flags.vars.get("PUBLIC_URL") ?? local;
  const file = path.resolve(ROOT, flags.envFile ?? ".dev.vars");
  await step(1, "secrets", () => secrets(file));
  await step(2, "database", () => databases(flags));
  await step(3, "server", () => server(flags, local, publicUrl));
  const { ADMIN_TOKEN, SCIM_TOKEN } = readDevVars(file);
  await step(4, "tenant", () => tenant(local, newestOf(ADMIN_TOKEN)));
  const simulateFlags = local.endsWith("localhost:8787") ? "" : ` --url ${local}/api/v1/scim/v2`;
  console.log(welcome(publicUrl, newestOf(SCIM_TOKEN), simulateFlags));
  process.send?.(READY);
}

await main();
