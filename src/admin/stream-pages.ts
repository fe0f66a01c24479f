/** A portion of a file, and how to get to the next one; undefined: it was the last. */
export interface TextPage<Cursor> {
  readonly text: string;
  readonly next: Cursor | undefined;
}

/**
 * A file made of pages. A page is read when there is room for it, so that no more than one is ever held, and none
 * for a client that went away. An error on the way breaks the transfer off: nobody takes the part for the whole.
 */
export function streamPages<Cursor>(
  header: string,
  first: TextPage<Cursor>,
  read: (cursor: Cursor) => Promise<TextPage<Cursor>>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let { next } = first;
  return new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(header + first.text));
    },
    async pull(controller) {
      // A search may pass many rows before it finds one.
      while (next !== undefined) {
        const page = await read(next);
        next = page.next;
        if (page.text === "") continue;
        controller.enqueue(encoder.encode(page.text));
        return;
      }
      controller.close();
    },
  });
}
