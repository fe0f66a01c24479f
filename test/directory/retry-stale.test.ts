import { describe, expect, it } from "vitest";

import { retryStale, STALE } from "../../src/directory/retry-stale.ts";
import { StorageUnavailable } from "../../src/tenancy/unavailable.ts";

/** A clock that only pauses and attempts move. */
function contextOf(millisecondsPerAttempt = 1) {
  let now = 0;
  const pauses: number[] = [];
  const context: Parameters<typeof retryStale>[0] = {
    clock: { now: () => now },
    random: () => 0.5,
    pause: (milliseconds) => {
      pauses.push(milliseconds);
      now += milliseconds;
      return Promise.resolve();
    },
  };
  const attempts = (outcomes: readonly unknown[]) => {
    let tried = 0;
    const attempt = () => {
      now += millisecondsPerAttempt;
      return Promise.resolve(outcomes[tried++] ?? STALE);
    };
    return { attempt, tried: () => tried };
  };
  return { context, pauses, attempts };
}

describe("retryStale", () => {
  it("returns the first result that is not stale, without a pause when there is no need", async () => {
    const { context, pauses, attempts } = contextOf();
    expect(await retryStale(context, attempts(["done"]).attempt)).toBe("done");
    expect(pauses).toEqual([]);
  });

  it("waits longer each time, a random part of a doubled bound", async () => {
    const { context, pauses, attempts } = contextOf();
    expect(await retryStale(context, attempts([STALE, STALE, STALE, "done"]).attempt)).toBe("done");
    expect(pauses).toEqual([5, 10, 20]);
  });

  it.each([
    ["8 attempts", 1, 8],
    ["2 seconds", 900, 3],
  ])(
    "gives up after %s as a database that is too busy, with a number of seconds",
    async (_limit, milliseconds, expected) => {
      const { context, attempts } = contextOf(milliseconds);
      const { attempt, tried } = attempts([]);
      const failure = await retryStale(context, attempt).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(StorageUnavailable);
      expect(failure).toMatchObject({ retryAfterSeconds: 1 });
      expect(tried()).toBe(expected);
    },
  );

  it("passes on what an attempt throws", async () => {
    const { context } = contextOf();
    await expect(retryStale(context, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  });
});
