import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import path from "node:path";

import { unstable_readConfig } from "wrangler";

import type { CleanUps } from "../bench/clean-ups.ts";
import { fromWrangler } from "../bench/from-wrangler.ts";
import type { Runtime } from "../bench/open-runtime.ts";

/** The part of Miniflare that is used here. Its package is wrangler's own and has no stable version. */
interface Miniflare {
  readonly ready: Promise<URL>;
  unsafeGetDirectURL(worker: string): Promise<URL>;
  getD1Database(binding: string, worker: string): Promise<D1Database>;
  getKVNamespace(binding: string, worker: string): Promise<KVNamespace>;
  dispose(): Promise<void>;
}
interface MiniflareModule {
  readonly Miniflare: new (options: unknown) => Miniflare;
  readonly convertV4MiniflareOptions: (options: unknown) => unknown;
}

export const WORKER = "scim";
const CONFIG = path.join(import.meta.dirname, "../../wrangler.toml");

export interface MortalRuntime extends Runtime {
  /** Where the Worker listens. */
  readonly origin: string;
  /** Runs the cron trigger once; throws when the runtime ends meanwhile. */
  cron(): Promise<void>;
  /** Ends workerd where it stands, as a power cut of the process would, and does not start it again. */
  kill(): Promise<void>;
}

/**
 * Starts one workerd with the Worker on the loopback interface; whatever it stores goes into the folder, which
 * outlives it. What it logs is read and dropped.
 */
export async function startRuntime(
  script: string,
  { folder, bindings }: { folder: string; bindings: Readonly<Record<string, string>> },
  ends: CleanUps,
): Promise<MortalRuntime> {
  const { Miniflare, convertV4MiniflareOptions } = fromWrangler("miniflare") as MiniflareModule;
  const config = unstable_readConfig({ config: CONFIG });
  const started: ChildProcess[] = [];
  const note = (message: unknown) => started.push((message as { process: ChildProcess }).process);
  // Miniflare keeps its process to itself.
  subscribe("child_process", note);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      telemetry: { enabled: false },
      unsafeTriggerHandlers: true,
      resourcePersistencePath: folder,
      handleStructuredLogs: () => undefined,
      workers: [
        {
          name: WORKER,
          modules: true,
          script,
          compatibilityDate: config.compatibility_date,
          compatibilityFlags: config.compatibility_flags,
          bindings: { ...config.vars, ...bindings },
          d1Databases: { DB: "torture" },
          kvNamespaces: { TOKENS: "torture" },
          unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
        },
      ],
    }),
  );
  const close = ends.add(() => miniflare.dispose());
  const entry = await miniflare.ready.finally(() => unsubscribe("child_process", note));
  const url = await miniflare.unsafeGetDirectURL(WORKER);

  return {
    origin: url.origin,
    urls: new Map([[WORKER, url]]),
    database: await miniflare.getD1Database("DB", WORKER),
    kv: await miniflare.getKVNamespace("TOKENS", WORKER),
    async cron() {
      const response = await fetch(new URL("/cdn-cgi/local/scheduled", entry), {
        signal: AbortSignal.timeout(60_000),
      });
      await response.text();
      if (!response.ok) throw new Error(`The cron trigger was answered with ${response.status}.`);
    },
    kill() {
      const workerd = started.filter((child) => /workerd/.test(child.spawnfile));
      if (workerd.length !== 1) throw new Error(`One workerd was expected, not ${workerd.length}.`);
      for (const { pid } of workerd) if (pid !== undefined) process.kill(pid, "SIGKILL");
      // In the same turn: Miniflare would start another one.
      return close();
    },
    close,
  };
}
