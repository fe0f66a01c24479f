/** `npm run token`: one fresh bearer token, for the secret SCIM_TOKEN. */
import { randomBytes } from "node:crypto";

import { mintToken, TOKEN_RANDOM_BYTES } from "../src/tenancy/token.ts";

const HELP = `npm run token

Prints one fresh SCIM bearer token. Give it to the Worker as the secret SCIM_TOKEN ("NEW,OLD" while it is being
rotated) and to the identity provider; it is kept nowhere else.`;

console.log(process.argv.includes("--help") ? HELP : mintToken(randomBytes(TOKEN_RANDOM_BYTES)));
