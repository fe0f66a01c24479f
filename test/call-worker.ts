import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";

import worker from "../src/worker.ts";
import type { Transport } from "./scim-client.ts";

/**
 * The bindings of the test run, some of them replaced, and nothing limited unless a test brings a limit. The guarantee of the cast: vitest.config.ts gives every
 * variable and secret, wrangler.toml the databases.
 */
export const workerEnv = (overrides: Partial<Env> = {}): Env => ({
  ...(env as unknown as Env),
  REQUEST_LIMIT: undefined,
  REFUSAL_LIMIT: undefined,
  ...overrides,
});

/**
 * The Worker with other bindings, called directly. An answer comes when all that the request left for later
 * is done too, so that a test may look at the rows at once.
 */
export function callWorker(overrides: Partial<Env> = {}): Transport {
  return async (request) => {
    const execution = createExecutionContext();
    // A request without Cloudflare's own facts: the Worker reads none of them.
    const incoming = new Request<unknown, IncomingRequestCfProperties>(request);
    const response = await worker.fetch(incoming, workerEnv(overrides), execution);
    const answer = new Response(
      response.status === 204 || response.status === 304 ? null : await response.text(),
      response,
    );
    await waitOnExecutionContext(execution);
    return answer;
  };
}
