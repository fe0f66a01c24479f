import path from "node:path";

import { fromWrangler } from "../bench/from-wrangler.ts";

/** The part of esbuild that is used here. */
interface Esbuild {
  buildSync(options: Record<string, unknown>): { outputFiles: { text: string }[] };
}

/** The script of the console's pages: one file without imports, still readable. */
export function clientScript(root: string): string {
  const esbuild = fromWrangler("esbuild") as Esbuild;
  // Not `build`, which leaves a process behind.
  const { outputFiles } = esbuild.buildSync({
    entryPoints: [path.join(root, "src/admin/console/client/console.ts")],
    // Else the comments that say where each part comes from depend on where it is run.
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    logLevel: "error",
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error("esbuild made nothing of the console's script.");
  return script.text;
}
