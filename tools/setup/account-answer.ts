import * as z from "zod";

import { jsonAnswer } from "./json-answer.ts";
import type { Finished } from "./run-wrangler.ts";

export interface Account {
  readonly id: string;
  readonly name: string;
}

export type Login =
  | {
      readonly kind: "in";
      readonly email: string | undefined;
      readonly accounts: readonly Account[];
    }
  | { readonly kind: "out" };

const WhoAmI = z.object({
  loggedIn: z.boolean(),
  email: z.string().optional(),
  accounts: z.array(z.object({ id: z.string(), name: z.string() })).default([]),
});

/** Reads `wrangler whoami --json`; undefined when it says neither (no network, a token that is no good). */
export function readLogin({ stdout }: Finished): Login | undefined {
  const answer = jsonAnswer(stdout, WhoAmI);
  if (answer === undefined) return undefined;
  const { loggedIn, email, accounts } = answer;
  return loggedIn ? { kind: "in", email, accounts } : { kind: "out" };
}
