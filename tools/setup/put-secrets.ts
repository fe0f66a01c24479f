import type { Deps } from "./deps.ts";
import { readSecretNames } from "./secret-answer.ts";
import { commandFailed } from "./step-failed.ts";

const LIST = ["secret", "list"];
/** Without one of these the Worker answers 503 to everything. SCIM_TOKEN is optional and not made here. */
const SECRETS = ["ADMIN_TOKEN", "TOKEN_PEPPER", "SIGNING_KEY"];

/**
 * Puts the secrets that the Worker does not have, with random values that nobody sees, but for ADMIN_TOKEN,
 * which is shown this once. One that is there is never changed. Returns whether anything was.
 */
export async function putSecrets(deps: Deps): Promise<boolean> {
  const finished = await deps.run(LIST);
  const present = readSecretNames(finished);
  if (present === undefined) throw commandFailed(LIST, finished);
  const missing = SECRETS.filter((name) => !present.includes(name));
  if (missing.length === 0) deps.say(`all there: ${SECRETS.join(", ")}`);
  for (const name of missing) {
    // oxlint-disable-next-line no-await-in-loop -- each put is a version of the Worker
    await put(name, deps);
  }
  return missing.length > 0;
}

async function put(name: string, deps: Deps): Promise<void> {
  const args = ["secret", "put", name];
  const value = deps.randomSecret();
  const finished = await deps.run(args, value);
  if (finished.code !== 0) throw commandFailed(args, finished);
  deps.say(`put ${name}`);
  if (name === "ADMIN_TOKEN") {
    deps.say(`  ${value}   <- the operator's key, shown this once: keep it in a password manager`);
  }
}
