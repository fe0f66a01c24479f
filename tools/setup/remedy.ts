const AGAIN = "Type the same command again: what is done is not done twice.";

/** What wrangler and Cloudflare say of failures that a person can end, and how. The first that fits counts. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [
    /Not logged in|CLOUDFLARE_API_TOKEN environment variable|Invalid access token|\[code: (?:9106|9109|10000)\]/,
    "Type npx wrangler login. Without a browser: put an API token that may edit Workers, D1 and KV into CLOUDFLARE_API_TOKEN.",
  ],
  [
    /More than one account available/,
    "Put the id of the account into the environment variable CLOUDFLARE_ACCOUNT_ID, then type the same command again.",
  ],
  [
    /\[code: 100328\]/,
    "The Workers Free plan takes no CPU limit: delete cpu_ms from wrangler.toml, or change to the Workers Paid plan.",
  ],
  [
    /\[code: 7404\]|Couldn't find a D1 DB|must have a database that already exists|real database in the database_id/,
    "A database_id in wrangler.toml is of no database in this account. Is it the right account (npx wrangler whoami)? For a new deployment put 00000000-0000-0000-0000-000000000001 there and type npm run setup.",
  ],
  [
    /maximum number of D1 databases/,
    "This account may have no more databases: npx wrangler d1 list shows them, npx wrangler d1 delete NAME deletes one.",
  ],
  [
    /workers\.dev subdomain/,
    "Choose a workers.dev subdomain in the dashboard (Workers & Pages), or give the Worker a domain of your own: docs/deploy.md.",
  ],
  [
    /latest version of your Worker isn't currently deployed/,
    "A version of this Worker was uploaded and not deployed. Type npx wrangler deploy, then the same command again.",
  ],
  [/fetch failed|connectivity issue/, `Cloudflare's API was not reached. ${AGAIN}`],
];

/** What to do after a command of wrangler has failed with this text. */
export function remedyFor(text: string): string {
  return KNOWN.find(([pattern]) => pattern.test(text))?.[1] ?? AGAIN;
}
