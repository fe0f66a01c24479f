import { checkAccount } from "./check-account.ts";
import { checkHealth, isHealthy } from "./check-health.ts";
import { readConfiguration } from "./configuration.ts";
import { createDatabases, type Whereabouts } from "./create-databases.ts";
import { createNamespaces } from "./create-namespaces.ts";
import { decideAddress } from "./decide-address.ts";
import { deployWorker } from "./deploy-worker.ts";
import type { Deps } from "./deps.ts";
import { migrate } from "./migrate.ts";
import { putSecrets } from "./put-secrets.ts";
import { whatNow } from "./what-now.ts";

export interface SetUpOptions extends Whereabouts {
  /** The address to deploy to. */
  readonly url: string | undefined;
}

/**
 * The first deployment, from an account that has nothing to a Worker that answers. Every step finds what is
 * there already and leaves it, so that a run after one that was cut, at whatever command, finishes it, and a
 * run after one that was not changes nothing. Throws `StepFailed`.
 */
export async function setUp(options: SetUpOptions, deps: Deps): Promise<void> {
  deps.announce("1/8 Account: who is logged in to Cloudflare");
  await checkAccount(deps);
  deps.announce("2/8 Address: PUBLIC_URL, where identity providers reach the Worker");
  const address = await decideAddress(options.url, deps);
  deps.announce("3/8 Databases: a D1 database for each [[d1_databases]] of wrangler.toml");
  const hasDatabases = await createDatabases(options, deps);
  deps.announce("4/8 Cache: a KV namespace for each [[kv_namespaces]] of wrangler.toml");
  const hasNamespaces = await createNamespaces(deps);
  deps.announce("5/8 Secrets: those that the Worker does not have yet, with random values");
  const hasSecrets = await putSecrets(deps);
  deps.announce("6/8 Migrations: tables in every database");
  const hasMigrations = await migrate(deps);

  deps.announce("7/8 Deployment: uploads the Worker");
  const isChanged = hasDatabases || hasNamespaces || hasSecrets || hasMigrations;
  const deployed = isChanged ? undefined : await deployedAt(address, deps);
  if (deployed !== undefined) deps.say("deployed already; npm run deploy deploys changes");
  const url = deployed ?? (await deployWorker(address, deps));
  deps.announce("8/8 Health: waits until the Worker answers");
  await checkHealth(url, deps);
  deps.say(whatNow(url));
}

/** The address, when the Worker was deployed with it and answers there. */
async function deployedAt(address: string | undefined, deps: Deps): Promise<string | undefined> {
  if (address === undefined || readConfiguration(deps.readToml()).publicUrl !== address) {
    return undefined;
  }
  return (await isHealthy(address, deps)) ? address : undefined;
}
