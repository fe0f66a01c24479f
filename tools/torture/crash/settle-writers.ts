import type { BenchClient } from "../../bench/open-client.ts";
import { compareHoldings, findState } from "./compare-holdings.ts";
import type { Holdings } from "./holdings.ts";
import { holdingsIn, idOf, labelOf, oneSided, readDirectory } from "./read-directory.ts";
import { describe, type Writer } from "./writer.ts";

interface Tally {
  readonly unanswered: { done: number; undone: number };
}

/**
 * Compares what SCIM shows with what each writer was promised, lets every writer go on from there, and repeats what got
 * no answer, as an identity provider does: afterwards it has to be there. Returns a sentence for whatever is not so.
 */
export async function settleWriters(
  scim: BenchClient,
  writers: readonly Writer[],
  shared: readonly string[],
  { unanswered }: Tally,
): Promise<string[]> {
  const contents = await readDirectory(scim);
  const ids = new Map(
    [...contents.users, ...contents.groups].map((resource) => [labelOf(resource), idOf(resource)]),
  );
  const violations = oneSided(contents);
  const repetitions: { writer: Writer; wanted: Holdings }[] = [];
  for (const writer of writers) {
    const { prefix, holdings, pending } = writer;
    const actual = holdingsIn(contents, prefix, shared);
    const allowed = [holdings, ...(pending?.steps ?? [])];
    const state = findState(allowed, actual);
    if (state === undefined) {
      const nearest = allowed
        .map((expected) => compareHoldings(expected, actual))
        .reduce((a, b) => (b.length < a.length ? b : a));
      const during = pending ? ` (${JSON.stringify(pending.request)} got no answer)` : "";
      violations.push(...nearest.map((sentence) => `${sentence}${during}`));
    }
    if (pending) unanswered[state === 0 ? "undone" : "done"] += 1;
    writer.settle(actual, ids);
    if (pending?.repeated === undefined || state === undefined) continue;
    // oxlint-disable-next-line no-await-in-loop -- one request of each writer
    const answer = await scim.send(pending.request);
    const isRight = state === 0 ? pending.isDone(answer) : answer.status === pending.repeated;
    if (!isRight) violations.push(`repeated after a kill: ${describe(prefix, pending, answer)}`);
    repetitions.push({ writer, wanted: pending.steps.at(-1) ?? holdings });
  }
  if (repetitions.length > 0) violations.push(...(await settleRepetitions()));
  return violations;

  async function settleRepetitions(): Promise<string[]> {
    return [];
  }
}
