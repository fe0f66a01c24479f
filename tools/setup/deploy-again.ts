import { checkHealth } from "./check-health.ts";
import { isPlaceholder, readConfiguration } from "./configuration.ts";
import { decideAddress } from "./decide-address.ts";
import { deployWorker } from "./deploy-worker.ts";
import type { Deps } from "./deps.ts";
import { migrate } from "./migrate.ts";
import { StepFailed } from "./step-failed.ts";

/**
 * A later deployment: every database first (migrations only add, and the version that runs does not mind), then
 * the Worker, then its health. A migration that fails ends it before the new version is anywhere. Throws
 * `StepFailed`.
 */
export async function deployAgain(url: string | undefined, deps: Deps): Promise<void> {
  deps.announce("1/4 Address: PUBLIC_URL, where identity providers reach the Worker");
  requireIds(deps);
  const address = await decideAddress(url, deps);
  deps.announce("2/4 Migrations: what is missing, in every database");
  await migrate(deps);
  deps.announce("3/4 Deployment: uploads the Worker");
  const deployed = await deployWorker(address, deps);
  deps.announce("4/4 Health: waits until the Worker answers");
  await checkHealth(deployed, deps);
}

function requireIds(deps: Deps): void {
  const { databases, namespaces } = readConfiguration(deps.readToml());
  const unmade = [...databases, ...namespaces].filter(({ id }) => isPlaceholder(id));
  if (unmade.length === 0) return;
  throw new StepFailed(
    `Nothing has been made yet for ${unmade.map(({ binding }) => binding).join(", ")} in wrangler.toml.`,
    "Type npm run setup.",
  );
}
