import { parseArgs } from "node:util";

import type { Client } from "./fetch-access-token.ts";
import type { Idp } from "./people.ts";

export interface SimulateOptions {
  readonly idp: Idp;
  readonly url: string | undefined;
  readonly token: string | undefined;
  /** Fetches an access token in place of the token. */
  readonly client: Client | undefined;
  readonly users: number;
  readonly groups: number;
  /** Requests per second at most; undefined: as fast as the answers come. */
  readonly rate: number | undefined;
  readonly concurrency: number;
  readonly minutes: number;
  readonly preset: string;
  readonly stories: boolean;
}

export const HELP = `npm run simulate -- entra|okta [FLAGS]

Plays a provisioning cycle as the identity provider sends it: test connection, every person matched, then
created or compared, managers, groups with their members, and the stories of test/scenarios, whose people and
groups are deleted afterwards. A second run is a "restart provisioning": it creates nothing.

  --url URL          Tenant URL (default http://localhost:8787/api/v1/scim/v2)
  --token TOKEN      bearer token (default for a server on this machine: SCIM_TOKEN in .dev.vars)
  --client-id ID, --client-secret SECRET
                     in place of the token: an OAuth client, for a run of an hour at most
  --users N          people in the directory, 0 to 100000 (default 20)
  --groups N         groups, 0 to 1000 (default 4)
  --rate N           at most N requests per second
  --concurrency N    requests at a time, 1 to 64 (default 4)
  --preset NAME      preset of the tenant: stories about another are left out (default training)
  --no-stories       the cycle alone
  --minutes N        give up after N minutes (default 30)
  --help             this text

Waits as long as an integer Retry-After on 429 and 503 says. Ends with code 1 after any unexpected answer.`;

const FLAGS = {
  help: { type: "boolean", short: "h" },
  url: { type: "string" },
  token: { type: "string" },
  "client-id": { type: "string" },
  "client-secret": { type: "string" },
  users: { type: "string", default: "20" },
  groups: { type: "string", default: "4" },
  rate: { type: "string" },
  concurrency: { type: "string", default: "4" },
  minutes: { type: "string", default: "30" },
  preset: { type: "string", default: "training" },
  stories: { type: "boolean", default: true },
} as const;

/** Nothing here fetches a second one. */
const ACCESS_TOKEN_MINUTES = 60;

/** The options, or a sentence that says what cannot be meant; undefined when help is asked for. */
export function parseArguments(argv: readonly string[]): SimulateOptions | string | undefined {
  try {
    return parse(argv);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function parse(argv: readonly string[]): SimulateOptions | undefined {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: FLAGS,
    allowPositionals: true,
    allowNegative: true,
  });
  if (values.help === true) return undefined;
  const [idp, ...rest] = positionals;
  if ((idp !== "entra" && idp !== "okta") || rest.length > 0) {
    throw new Error("Say which identity provider to play: npm run simulate -- entra, or okta.");
  }
  const client = clientOf(values["client-id"], values["client-secret"]);
  if (client !== undefined && values.token !== undefined) {
    throw new Error("Say either --token, or --client-id and --client-secret.");
  }
  return {
    idp,
    url: values.url === undefined ? undefined : baseUrlOf(values.url),
    token: values.token,
    client,
    users: integer("users", values.users, 0, 100_000),
    // A tenant without groups refuses them with a 403, as it should.
    groups: values.preset === "visitors" ? 0 : integer("groups", values.groups, 0, 1000),
    rate: values.rate === undefined ? undefined : integer("rate", values.rate, 1, 1000),
    concurrency: integer("concurrency", values.concurrency, 1, 64),
    minutes: integer("minutes", values.minutes, 1, client ? ACCESS_TOKEN_MINUTES : 24 * 60),
    preset: values.preset,
    stories: values.stories,
  };
}

function clientOf(id: string | undefined, secret: string | undefined): Client | undefined {
  if (id === undefined && secret === undefined) return undefined;
  if (id === undefined || secret === undefined) {
    throw new Error("--client-id and --client-secret belong together.");
  }
  return { id, secret };
}

/** A Tenant URL as people paste it: with a slash at its end, with Entra's feature flag behind it. */
function baseUrlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new Error(
      `--url takes a Tenant URL such as https://scim.example.com/api/v1/scim/v2, not "${text}".`,
    );
  }
  return url.origin + url.pathname.replace(/\/+$/, "");
}

function integer(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new Error(`--${flag} takes a whole number from ${least} to ${most}, not "${text}".`);
  }
  return value;
}
