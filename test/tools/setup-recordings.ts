import type { Finished } from "../../tools/setup/run-wrangler.ts";
import recordings from "./setup-recordings.json" with { type: "json" };

export type Recording = keyof typeof recordings;

/**
 * What wrangler 4.124.0 printed, word for word, when Cloudflare's API was played to it by a stand-in on the same
 * machine: the texts are wrangler's own, the API's part in them is as its documentation has it.
 */
export function recorded(name: Recording): Finished {
  return recordings[name];
}
