/** `npm run setup`: from a Cloudflare account to a Worker that answers. */
import path from "node:path";

import { dryRun } from "./setup/dry-run.ts";
import { endWell } from "./setup/end-well.ts";
import { parseSetUpFlags } from "./setup/parse-flags.ts";
import { realDeps } from "./setup/real-deps.ts";
import { setUp } from "./setup/set-up.ts";

const HELP = `npm run setup [-- FLAGS]

The first deployment: makes the D1 databases and the KV namespace that wrangler.toml lists, writes their ids into it,
puts random secrets, applies the migrations, deploys, and waits until the Worker answers. Leaves what is there
already, so that it may be run again, also after it was interrupted.

  --url URL            where identity providers reach it, such as https://scim.example.com (default: PUBLIC_URL in
                       wrangler.toml, else its address below workers.dev)
  --jurisdiction NAME  where the databases must be: eu, us, fedramp. Cannot be changed later
  --location NAME      where they should be: weur, eeur, apac, oc, wnam, enam. Cannot be changed later
  --dry-run            prints the commands and runs none
  --help               this text

Log in first: npx wrangler login, or an API token in CLOUDFLARE_API_TOKEN.`;

const flags = parseSetUpFlags(process.argv.slice(2));
if (typeof flags === "string") {
  console.error(flags);
  process.exitCode = 2;
} else if (flags === undefined) {
  console.log(HELP);
} else {
  const deps = realDeps(path.dirname(import.meta.dirname));
  await endWell(() => setUp(flags, flags.dryRun ? dryRun(deps) : deps));
}
