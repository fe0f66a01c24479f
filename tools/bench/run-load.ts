import type { BenchClient, BenchRequest } from "./open-client.ts";

/** One kind of request, again and again. */
export interface Load {
  readonly name: string;
  readonly client: BenchClient;
  /** The next request of a connection. */
  readonly next: (connection: number) => BenchRequest;
  /** The status of a good answer. */
  readonly status: number;
}

export interface LoadResult {
  answers: number;
  /** Those with another status. */
  errors: number;
  milliseconds: number;
}

export const noResult = (): LoadResult => ({ answers: 0, errors: 0, milliseconds: 0 });

export function perSecond({ answers, milliseconds }: LoadResult): number {
  return (answers * 1000) / milliseconds;
}

/**
 * Sends on so many connections for so long, each waiting for its answer before the next request, and adds what came
 * to the result.
 */
export async function runLoad(
  { client, next, status }: Load,
  connections: number,
  milliseconds: number,
  result: LoadResult,
): Promise<void> {
  const begun = performance.now();
  const deadline = begun + milliseconds;
  const connection = async (number: number): Promise<void> => {
    while (performance.now() < deadline) {
      // oxlint-disable-next-line no-await-in-loop -- one request at a time
      const answer = await client.send(next(number));
      result.answers += 1;
      if (answer.status !== status) result.errors += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, number) => connection(number)));
  result.milliseconds += performance.now() - begun;
}
