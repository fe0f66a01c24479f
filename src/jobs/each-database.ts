import type { Clock, Ids } from "../tenancy/clock.ts";
import type { JobLease } from "../tenancy/job-lease.ts";

const LEASE_MS = 10 * 60_000;

/**
 * Works on every database whose lease is free, at the same time. One that fails does not keep the others; its
 * error is thrown when all are through. `work` may answer until when nobody has to work again.
 */
export async function eachDatabase<Store extends { readonly lease: JobLease }>(
  stores: readonly Store[],
  { clock, ids }: { readonly clock: Clock; readonly ids: Ids },
  work: (store: Store, fencing: number) => Promise<{ readonly restUntil: number } | undefined>,
): Promise<void> {
  const iso = (time: number) => new Date(time).toISOString();
  const results = await Promise.allSettled(
    stores.map(async (store) => {
      const holder = ids.next();
      const now = clock.now();
      const fencing = await store.lease.acquire(holder, iso(now), iso(now + LEASE_MS));
      if (fencing === undefined) return;
      let rest: { readonly restUntil: number } | undefined;
      try {
        rest = await work(store, fencing);
      } finally {
        await store.lease.release(holder, rest && iso(rest.restUntil));
      }
    }),
  );
  const failure = results.find((result) => result.status === "rejected");
  if (failure) throw failure.reason;
}
