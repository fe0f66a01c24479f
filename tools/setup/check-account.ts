import { readLogin } from "./account-answer.ts";
import { readConfiguration } from "./configuration.ts";
import type { Deps } from "./deps.ts";
import { commandFailed, StepFailed } from "./step-failed.ts";

const WHOAMI = ["whoami", "--json"];

/**
 * Makes sure that somebody is logged in and that only one account can be meant: wrangler, left alone with
 * several of them, takes the one that it remembers from another project.
 */
export async function checkAccount(deps: Deps): Promise<void> {
  const finished = await deps.run(WHOAMI);
  const login = readLogin(finished);
  if (login === undefined) throw commandFailed(WHOAMI, finished);
  if (login.kind === "out")
    throw new StepFailed("Nobody is logged in.", "Type npx wrangler login.");
  const { accountId } = readConfiguration(deps.readToml());
  const chosen = deps.chosenAccount ?? accountId;
  if (chosen === undefined && login.accounts.length > 1) {
    const list = login.accounts.map(({ id, name }) => `  ${id}  ${name}`).join("\n");
    throw new StepFailed(
      `There are several accounts:\n${list}`,
      "Put the id of the right one into the environment variable CLOUDFLARE_ACCOUNT_ID, then type the same command again.",
    );
  }
  const account = login.accounts.find(({ id }) => chosen === undefined || id === chosen);
  deps.say(`${login.email ?? "an API token"}, account ${account?.name ?? chosen ?? "unknown"}`);
}
