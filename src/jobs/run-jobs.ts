import { framesOf } from "../tenancy/frames-of.ts";

/**
 * Runs jobs at the same time and each on its own: one that fails leaves a line in the log and keeps no other. That
 * line holds no message: those of the database driver hold SQL and its values, and so people's addresses. A last line
 * says what the whole run took: an invocation has 1,000 queries of D1 for all of them.
 */
export async function runJobs(
  { now, d1Calls }: { readonly now: () => number; readonly d1Calls: () => number },
  jobs: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<void> {
  const start = now();
  const took: Record<string, number> = {};
  const failed: string[] = [];
  await Promise.all(
    Object.entries(jobs).map(async ([job, run]) => {
      try {
        await run();
      } catch (error) {
        failed.push(job);
        console.error(JSON.stringify({ event: "job-failed", job, ...factsOf(error) }));
      }
      took[job] = now() - start;
    }),
  );
  console.log(
    JSON.stringify({
      event: "cron",
      ...(failed.length > 0 && { failed }),
      d1Calls: d1Calls(),
      ms: now() - start,
      jobs: took,
    }),
  );
}

function factsOf(error: unknown) {
  if (!(error instanceof Error)) return {};
  return {
    error: error.name,
    cause: error.cause instanceof Error ? error.cause.name : undefined,
    stack: framesOf(error),
  };
}
