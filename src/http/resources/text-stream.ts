/**
 * Text as the body of an answer. A portion is made when the client has taken the one before, so that a slow client
 * fills no memory; nothing is made for a client that went away, or for HEAD. After an error the runtime may end the
 * transfer as if it were whole: the text has to be one that only its last portion completes.
 */
export function textStream(
  portions: AsyncGenerator<string>,
  onFailure: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const portion = await portions.next();
          if (portion.done) controller.close();
          else controller.enqueue(encoder.encode(portion.value));
        } catch (error) {
          onFailure(error);
          throw error;
        }
      },
      async cancel() {
        await portions.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
