import type { Deps } from "./deps.ts";

const NO_ID = "00000000-0000-4000-8000-000000000000";

/** What wrangler prints where an account has nothing yet, as far as the steps read it. */
function answerOfEmptyAccount(args: readonly string[]): string {
  switch (args.slice(0, 2).join(" ")) {
    case "whoami --json":
      return `{"loggedIn":true}`;
    case "d1 create":
      return `database_id = "${NO_ID}"`;
    case "kv namespace":
      return args[2] === "create" ? `id = "${NO_ID.replaceAll("-", "")}"` : "[]";
    case "d1 list":
    case "secret list":
      return "[]";
    default:
      return "  https://WORKER.SUBDOMAIN.workers.dev";
  }
}

/**
 * The same steps without their effects: each command is printed and none is run, so that no login is needed. What
 * is printed is what a first run does, less what wrangler.toml says is there.
 */
export function dryRun(deps: Deps): Deps {
  let toml = deps.readToml();
  return {
    ...deps,
    run: (args, input) => {
      const secretly = input === undefined ? "" : "   (the value through stdin)";
      deps.say(`npx wrangler ${args.join(" ")}${secretly}`);
      return Promise.resolve({ code: 0, stdout: answerOfEmptyAccount(args), stderr: "" });
    },
    readToml: () => toml,
    writeToml: (text) => {
      const line = text.split("\n").find((candidate, at) => candidate !== toml.split("\n")[at]);
      deps.say(`write into wrangler.toml: ${line?.trim() ?? ""}`);
      toml = text;
    },
    say: () => undefined,
    ask: () => Promise.resolve(undefined),
    askHealth: (url) => {
      deps.say(`GET ${url}`);
      const text = JSON.stringify({ status: "ok", schemaVersion: deps.newestMigration });
      return Promise.resolve({ status: 200, text, mitigated: undefined });
    },
  };
}
