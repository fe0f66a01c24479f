import type * as z from "zod";

/**
 * What a command of wrangler printed as JSON; undefined when it is something else. Wrangler may say a word
 * before it.
 */
export function jsonAnswer<Answer>(stdout: string, schema: z.ZodType<Answer>): Answer | undefined {
  const begin = stdout.search(/[[{]/);
  if (begin === -1) return undefined;
  try {
    return schema.safeParse(JSON.parse(stdout.slice(begin))).data;
  } catch {
    return undefined;
  }
}
