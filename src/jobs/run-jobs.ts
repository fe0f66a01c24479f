/**
 * Runs jobs at the same time and each on its own: one that fails leaves a line in the log and keeps no other. The
 * line holds no message: those of the database driver hold SQL and its values, and so people's addresses.
 */
export async function runJobs(
  jobs: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<void> {
  await Promise.all(
    Object.entries(jobs).map(async ([job, run]) => {
      try {
        await run();
      } catch (error) {
        console.error(JSON.stringify({ event: "job-failed", job, ...factsOf(error) }));
      }
    }),
  );
}

function factsOf(error: unknown) {
  if (!(error instanceof Error)) return {};
  const lines = (error.stack ?? "").split("\n").map((line) => line.trim());
  return {
    error: error.name,
    cause: error.cause instanceof Error ? error.cause.name : undefined,
    stack: lines.filter((line) => line.startsWith("at ")).slice(0, 8),
  };
}
