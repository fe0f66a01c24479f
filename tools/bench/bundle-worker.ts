import { createRequire } from "node:module";

/** The part of esbuild that is used here. */
interface Esbuild {
  build(options: Record<string, unknown>): Promise<{ outputFiles: { text: string }[] }>;
}

/** Wrangler bundles with this copy. */
const require = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"));

/** The text of one ES module, bundled as `wrangler deploy` does it, minified too. */
export async function bundleWorker(entry: string): Promise<string> {
  const esbuild = require("esbuild") as Esbuild;
  const { outputFiles } = await esbuild.build({
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
