import { StorageUnavailable } from "../tenancy/unavailable.ts";
import { failureOf } from "./d1-errors.ts";

const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 50;
const RETRY_AFTER_SECONDS = 5;
const RETRY_AFTER_OVERLOAD_SECONDS = 15;

/** Full jitter, so that clients that failed together do not come back together. */
export const pauseBefore = (attempt: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, Math.random() * FIRST_PAUSE_MS * 2 ** attempt);
  });

/** D1 cannot answer: the error that the wire turns into 503. */
export function unavailable(error: unknown): StorageUnavailable {
  const { kind } = failureOf(error);
  const isBusy = kind === "overloaded" || kind === "exhausted";
  const seconds = isBusy ? RETRY_AFTER_OVERLOAD_SECONDS : RETRY_AFTER_SECONDS;
  return new StorageUnavailable(seconds, { cause: error });
}

/**
 * Runs a read that may be repeated, up to three times while D1's failure may be transient. Throws
 * `StorageUnavailable` otherwise: an overloaded database is not asked again.
 */
export async function withRetry<Result>(read: () => Promise<Result>): Promise<Result> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      if (failureOf(error).kind !== "transient" || attempt + 1 >= ATTEMPTS)
        throw unavailable(error);
      await pauseBefore(attempt);
    }
  }
}
