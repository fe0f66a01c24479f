/** `npm run deploy`: migrations, then the Worker, then its health. */
import path from "node:path";

import { deployAgain } from "./setup/deploy-again.ts";
import { dryRun } from "./setup/dry-run.ts";
import { endWell } from "./setup/end-well.ts";
import { parseDeployFlags } from "./setup/parse-flags.ts";
import { realDeps } from "./setup/real-deps.ts";

const HELP = `npm run deploy [-- FLAGS]

Applies what is missing of migrations/ to every database of wrangler.toml, deploys the Worker, and waits until it
answers. What has never been deployed is npm run setup's.

  --url URL   another PUBLIC_URL than the one in wrangler.toml; written there
  --dry-run   prints the commands and runs none
  --help      this text`;

const flags = parseDeployFlags(process.argv.slice(2));
if (typeof flags === "string") {
  console.error(flags);
  process.exitCode = 2;
} else if (flags === undefined) {
  console.log(HELP);
} else {
  const deps = realDeps(path.dirname(import.meta.dirname));
  await endWell(() => deployAgain(flags.url, flags.dryRun ? dryRun(deps) : deps));
}
