import { decodeBase64Url, encodeBase64Url } from "hono/utils/encode";
import * as z from "zod/mini";

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

const BAD_CURSOR =
  "This is not a cursor of this list. Use nextCursor as it was given, or none to start over.";

/**
 * `limit` and `cursor` of one list. A greater limit than 200 is taken as 200. What a store calls a cursor is
 * wrapped with the name of its list, so that it stays opaque and the cursor of another list is refused.
 */
export function pageQuery(list: string) {
  return {
    limit: z
      .pipe(
        z._default(
          z.coerce.number("Use a whole number.").check(z.int("Use a whole number."), z.minimum(1)),
          DEFAULT_LIMIT,
        ),
        z.transform((limit) => Math.min(limit, MAX_LIMIT)),
      )
      .check(z.describe(`At most ${MAX_LIMIT}.`)),
    cursor: z
      .optional(
        z.pipe(
          z.string().check(z.maxLength(2048, BAD_CURSOR)),
          z.transform((cursor, context) => {
            const position = positionOf(cursor, list);
            if (position !== undefined) return position;
            context.issues.push({ code: "custom", input: cursor, message: BAD_CURSOR });
            return z.NEVER;
          }),
        ),
      )
      .check(z.describe("nextCursor of the page before.")),
  };
}

/** The cursor that leads to the page after this position; null after the last page. */
export function nextCursor(list: string, position: string | undefined): string | null {
  if (position === undefined) return null;
  const bytes = new TextEncoder().encode(JSON.stringify([list, position]));
  // Without padding, so that it stands in a URL as it is.
  return encodeBase64Url(bytes.buffer).replaceAll("=", "");
}

const Wrapped = z.tuple([z.string(), z.string()]);

function positionOf(cursor: string, list: string): string | undefined {
  try {
    const wrapped = Wrapped.parse(JSON.parse(new TextDecoder().decode(decodeBase64Url(cursor))));
    return wrapped[0] === list ? wrapped[1] : undefined;
  } catch {
    return undefined;
  }
}
