import type { Deps } from "./deps.ts";
import { readSecretNames } from "./secret-answer.ts";
import { commandFailed } from "./step-failed.ts";

const LIST = ["secret", "list"];
/** Without one of these the Worker answers 503 to everything. SCIM_TOKEN is optional and not made here. */
export const SECRETS = ["ADMIN_TOKEN", "TOKEN_PEPPER", "SIGNING_KEY"];

/** Cloudflare never shows a secret again. The key of the sessions can be changed without knowing the old one. */
const SHOWN: Readonly<Record<string, string>> = {
  ADMIN_TOKEN: "the operator's key",
  TOKEN_PEPPER: "whoever rotates it needs this one too, or every token ends",
};

/**
 * Puts the secrets that the Worker does not have, with random values, and shows this once the two that an
 * operator has to keep. One that is there is never changed. Returns whether anything was.
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
  const why = SHOWN[name];
  if (why === undefined) return;
  deps.say(`  ${value}   <- shown this once, keep it in a password manager: ${why}`);
}
