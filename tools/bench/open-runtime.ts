import path from "node:path";

import { unstable_readConfig } from "wrangler";

import type { CleanUps } from "./clean-ups.ts";
import { fromWrangler } from "./from-wrangler.ts";
import { makeFolder } from "./make-folder.ts";

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

export interface Runtime {
  /** Where each Worker listens: its own socket, without a router in front of it. */
  readonly urls: ReadonlyMap<string, URL>;
  readonly database: D1Database;
  readonly kv: KVNamespace;
  close(): Promise<void>;
}

const ROOT = path.join(import.meta.dirname, "../..");

/**
 * Starts one workerd with these Workers (name → script) on the loopback interface. They share one D1 and one KV,
 * kept in a folder of their own until the runtime is closed. What they log is read and dropped.
 */
export async function openRuntime(
  scripts: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
  ends: CleanUps,
): Promise<Runtime> {
  const { Miniflare, convertV4MiniflareOptions } = fromWrangler("miniflare") as MiniflareModule;
  const config = unstable_readConfig({ config: path.join(ROOT, "wrangler.toml") });
  const names = Object.keys(scripts);
  const { folder, remove } = makeFolder(ends);

  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      telemetry: { enabled: false },
      resourcePersistencePath: folder,
      handleStructuredLogs: () => undefined,
      workers: names.map((name) => ({
        name,
        modules: true,
        script: scripts[name],
        compatibilityDate: config.compatibility_date,
        compatibilityFlags: config.compatibility_flags,
        bindings: { ...config.vars, ...secrets },
        d1Databases: { DB: "bench" },
        kvNamespaces: { TOKENS: "bench" },
        unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      })),
    }),
  );
  const dispose = ends.add(() => miniflare.dispose());
  await miniflare.ready;
  const first = names[0] ?? "";
  const urls = await Promise.all(
    names.map(async (name) => [name, await miniflare.unsafeGetDirectURL(name)] as const),
  );
  return {
    urls: new Map(urls),
    database: await miniflare.getD1Database("DB", first),
    kv: await miniflare.getKVNamespace("TOKENS", first),
    async close() {
      await dispose();
      await remove();
    },
  };
}
