/**
 * The `nextCursor` of a page, as if the page had ended with somebody else: whoever wants a page far behind would have
 * to read all before it. A cursor names the last resource of its page by its id; one that does not throws.
 */
export function moveCursor(page: string, id: string): string {
  const { nextCursor, Resources } = JSON.parse(page) as {
    nextCursor?: string;
    Resources?: { id: string }[];
  };
  const last = Resources?.at(-1)?.id;
  const text = Buffer.from(nextCursor ?? "", "base64url").toString();
  if (last === undefined || !text.includes(last)) throw new Error("The cursor names no id.");
  return Buffer.from(text.replace(last, id)).toString("base64url");
}
