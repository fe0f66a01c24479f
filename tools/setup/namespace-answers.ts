import * as z from "zod";

import { jsonAnswer } from "./json-answer.ts";

const Namespaces = z.array(z.object({ id: z.string(), title: z.string() }));

/** Reads `wrangler kv namespace list`, which prints JSON. */
export function readNamespaces(
  stdout: string,
): readonly { readonly id: string; readonly title: string }[] | undefined {
  return jsonAnswer(stdout, Namespaces);
}

/** Reads the id out of the snippet that `wrangler kv namespace create` prints. */
export function readCreatedNamespace(stdout: string): string | undefined {
  return /\bid"?\s*[=:]\s*"([0-9a-f]{32})"/.exec(stdout)?.[1];
}
