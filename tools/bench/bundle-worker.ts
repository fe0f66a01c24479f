import { fromWrangler } from "./from-wrangler.ts";

/** The part of esbuild that is used here. */
interface Esbuild {
  buildSync(options: Record<string, unknown>): { outputFiles: { text: string }[] };
}

/** The text of one ES module, bundled as `wrangler deploy` does it, minified too. */
export function bundleWorker(entry: string): string {
  const esbuild = fromWrangler("esbuild") as Esbuild;
  // Not `build`, which leaves a process behind.
  const { outputFiles } = esbuild.buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error(`esbuild made nothing of ${entry}.`);
  return bundle.text;
}
