/** `npm run assets`: makes the files of public/ that are made from others. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { findStale } from "./assets/find-stale.ts";
import { generatedFiles } from "./assets/generated-files.ts";

const HELP = `npm run assets [-- FLAGS]

Makes what public/ holds beside the style sheet: the OpenAPI document, its page, and the console's script and guides.
The files are committed, so that dev, setup and deploy make nothing.

  --check  makes nothing, and fails where a file is not what it would be
  --help   this text`;

const ROOT = path.dirname(import.meta.dirname);
const flags = new Set(process.argv.slice(2));

if (flags.has("--help")) {
  console.log(HELP);
} else if (flags.has("--check")) {
  const stale = findStale(ROOT, await generatedFiles(ROOT));
  if (stale.length > 0) {
    console.error(`${stale.join("\n")}\nType: npm run assets`);
    process.exitCode = 1;
  }
} else if (flags.size > 0) {
  console.error(HELP);
  process.exitCode = 2;
} else {
  const files = await generatedFiles(ROOT);
  for (const file of files) {
    const target = path.join(ROOT, file.path);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, file.content);
    console.log(`${file.path} ${(Buffer.byteLength(file.content) / 1024).toFixed(1)} KiB`);
  }
  for (const line of findStale(ROOT, files)) console.warn(`${line}: delete it.`);
}
