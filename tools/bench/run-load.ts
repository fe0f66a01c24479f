import type { BenchClient, BenchRequest } from "./open-client.ts";

/** One kind of request, again and again. */
export interface Load {
  readonly name: string;
  /** The next request of a connection. */
  next(connection: number): BenchRequest;
  /** The status of a good answer. */
  readonly status: number;
}

export interface LoadResult {
  readonly perSecond: number;
  /** Answers with another status. */
  readonly errors: number;
}

/** Sends on so many connections for so long, each waiting for its answer before the next request. */
export async function runLoad(
  client: BenchClient,
  load: Load,
  connections: number,
  milliseconds: number,
): Promise<LoadResult> {
  let answers = 0;
  let errors = 0;
  const begun = performance.now();
  const deadline = begun + milliseconds;
  const connection = async (number: number): Promise<void> => {
    while (performance.now() < deadline) {
      // oxlint-disable-next-line no-await-in-loop -- one request at a time
      const { status } = await client.send(load.next(number));
      answers += 1;
      if (status !== load.status) errors += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, number) => connection(number)));
  return { perSecond: (answers * 1000) / (performance.now() - begun), errors };
}
