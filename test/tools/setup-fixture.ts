import type { Deps } from "../../tools/setup/deps.ts";
import type { HealthAnswer } from "../../tools/setup/read-health.ts";
import { RecordedAccount } from "./recorded-account.ts";

const TOML = `name = "scim-edge"

[vars]
PUBLIC_URL = ""

[[d1_databases]]
binding = "DB"
database_name = "scim-edge"
database_id = "00000000-0000-0000-0000-000000000001"

[[d1_databases]]
binding = "DB_1"
database_name = "scim-edge-1"
database_id = "00000000-0000-0000-0000-000000000002"

[[kv_namespaces]]
binding = "TOKENS"
id = "00000000000000000000000000000001"
`;
export const NEWEST = "0004_moves.sql";

/** An operator's machine beside a recorded account: a wrangler.toml, a terminal, a clock that costs no time. */
export class Machine {
  readonly account = new RecordedAccount();
  toml = TOML;
  /** What was printed, by all runs. */
  readonly printed: string[] = [];
  /** What the person at the terminal types; undefined: nobody sits there. */
  typed: string | undefined;
  /** What /healthz answers instead of what the account makes it. */
  health: HealthAnswer | undefined;
  pauses = 0;
  readonly asked: string[] = [];
  #secrets = 0;

  readonly deps: Deps = {
    run: (args, input) => this.account.run(args, input),
    readToml: () => this.toml,
    writeToml: (text) => {
      this.toml = text;
    },
    announce: (line) => this.printed.push(line),
    say: (line) => this.printed.push(line),
    ask: () => Promise.resolve(this.typed),
    randomSecret: () => `random-secret-number-${++this.#secrets}`.padEnd(43, "x"),
    chosenAccount: undefined,
    newestMigration: NEWEST,
    askHealth: (url) => {
      this.asked.push(url);
      return Promise.resolve(this.health ?? this.#healthOf(url));
    },
    pause: () => {
      this.pauses += 1;
      return Promise.resolve();
    },
  };

  /** As the Worker answers where its latest deployment has this address. */
  #healthOf(url: string): HealthAnswer | undefined {
    const { deployments } = this.account;
    const latest = deployments.at(-1);
    if (latest === undefined) return undefined;
    const address = /PUBLIC_URL:(\S+)/.exec(latest.join(" "))?.[1] ?? this.publicUrl;
    if (url !== `${address}/healthz`) return undefined;
    const text = JSON.stringify({ status: "ok", schemaVersion: NEWEST });
    return { status: 200, text, mitigated: undefined };
  }

  get publicUrl(): string {
    return /PUBLIC_URL = "(.*)"/.exec(this.toml)?.[1] ?? "";
  }
}
