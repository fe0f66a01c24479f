import path from "node:path";

import { newestOf, readDevVars } from "../dev/dev-vars.ts";
import type { Client } from "./fetch-access-token.ts";
import type { SimulateOptions } from "./parse-arguments.ts";

const LOCAL_URL = "http://localhost:8787/api/v1/scim/v2";
const DEV_VARS = path.join(import.meta.dirname, "../../.dev.vars");

/**
 * Where to send the requests, and as whom; or a sentence that says what is missing. The token of `npm run dev`
 * is for this machine: it is not offered to anybody else's server.
 */
export function findTarget(
  options: SimulateOptions,
): { baseUrl: string; token: string } | { baseUrl: string; client: Client } | string {
  const baseUrl = options.url ?? LOCAL_URL;
  if (options.client !== undefined) return { baseUrl, client: options.client };
  if (options.token !== undefined) return { baseUrl, token: options.token };
  if (!["localhost", "127.0.0.1", "[::1]"].includes(new URL(baseUrl).hostname)) {
    return `${baseUrl} is not on this machine: say with --token which token to send there.`;
  }
  const token = newestOf(readDevVars(DEV_VARS)["SCIM_TOKEN"]);
  return token === ""
    ? "There is no SCIM_TOKEN in .dev.vars: start the server with npm run dev, or say --token."
    : { baseUrl, token };
}
