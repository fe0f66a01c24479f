import { StorageUnavailable } from "../../tenancy/unavailable.ts";
import { failureOf } from "./d1-errors.ts";
import { withDeadline } from "./with-deadline.ts";

const ATTEMPTS = 3;
/** No further attempt after this; what is on its way may take longer. */
const RETRY_FOR_MS = 2_000;
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
 * Runs a read that may be repeated, up to three times within 2 seconds while D1's failure may be transient.
 * Throws `StorageUnavailable` otherwise: an overloaded database is not asked again.
 */
export async function withRetry<Result>(read: () => Promise<Result>): Promise<Result> {
  const start = Date.now();
  for (let attempt = 0; ; attempt++) {
    try {
      return await withDeadline(read());
    } catch (error) {
      const isOver = attempt + 1 >= ATTEMPTS || Date.now() - start > RETRY_FOR_MS;
      if (failureOf(error).kind !== "transient" || isOver) throw unavailable(error);
      await pauseBefore(attempt);
    }
  }
}
