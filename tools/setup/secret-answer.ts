import * as z from "zod";

import { jsonAnswer } from "./json-answer.ts";
import type { Finished } from "./run-wrangler.ts";

const Secrets = z.array(z.object({ name: z.string() }));

/**
 * Reads the names out of `wrangler secret list`. None for a Worker that does not exist yet; undefined after
 * any other failure: another TOKEN_PEPPER in the place of one that was only not seen would end every token.
 */
export function readSecretNames({ code, stdout, stderr }: Finished): readonly string[] | undefined {
  if (code !== 0) return /Worker ".*"(?: \(env: .*\))? not found/.test(stderr) ? [] : undefined;
  return jsonAnswer(stdout, Secrets)?.map(({ name }) => name);
}
