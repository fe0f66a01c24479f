import { readConfiguration, withPublicUrl } from "./configuration.ts";
import { readWorkersDevUrl } from "./deployment-answers.ts";
import type { Deps } from "./deps.ts";
import { commandFailed, StepFailed } from "./step-failed.ts";

/**
 * Deploys the Worker with its address and returns that. Without one it is deployed twice: the first time it
 * answers 503 and says where it is. wrangler.toml is told only afterwards, so that a run that was cut in
 * between is not taken for one that has deployed the new address.
 */
export async function deployWorker(address: string | undefined, deps: Deps): Promise<string> {
  const written = readConfiguration(deps.readToml()).publicUrl;
  const url = address ?? (await findAddress(deps));
  await deploy(url === written ? [] : ["--var", `PUBLIC_URL:${url}`], deps);
  deps.say(`deployed, with PUBLIC_URL ${url}`);
  if (url !== written) {
    deps.writeToml(withPublicUrl(deps.readToml(), url));
    deps.say("wrangler.toml has this PUBLIC_URL now: commit that line");
  }
  return url;
}

async function findAddress(deps: Deps): Promise<string> {
  const url = readWorkersDevUrl(await deploy([], deps));
  if (url !== undefined) return url;
  throw new StepFailed(
    "The Worker is deployed, but not below workers.dev, and PUBLIC_URL in wrangler.toml is empty.",
    "Type the same command again with its address: --url https://scim.example.com",
  );
}

async function deploy(flags: readonly string[], deps: Deps): Promise<string> {
  const args = ["deploy", ...flags];
  const finished = await deps.run(args);
  if (finished.code !== 0) throw commandFailed(args, finished);
  return finished.stdout;
}
