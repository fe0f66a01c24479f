import type { BenchClient } from "../../bench/open-client.ts";
import { compareHoldings, findState } from "./compare-holdings.ts";
import type { Holdings } from "./holdings.ts";
import { holdingsIn, idOf, labelOf, oneSided, readDirectory } from "./read-directory.ts";
import type { Write } from "./write.ts";
import { describe, type Writer } from "./writer.ts";

/** A request that got no answer, and what was found of it: 0 is nothing, the last of its steps all. */
export interface Unanswered {
  readonly writer: Writer;
  readonly write: Write;
  /** Undefined: what is there is none of what may be there. */
  readonly step: number | undefined;
}

export interface Settled {
  readonly violations: readonly string[];
  readonly unanswered: readonly Unanswered[];
}

/** Compares what SCIM shows with what each writer was promised, and lets every writer go on from what is there. */
export async function settleWriters(
  scim: BenchClient,
  writers: readonly Writer[],
  shared: readonly string[],
): Promise<Settled> {
  const contents = await readDirectory(scim);
  const ids = new Map(
    [...contents.users, ...contents.groups].map((resource) => [labelOf(resource), idOf(resource)]),
  );
  const violations = oneSided(contents);
  const unanswered: Unanswered[] = [];
  for (const writer of writers) {
    const { prefix, holdings, pending: write } = writer;
    const actual = holdingsIn(contents, prefix, shared);
    const allowed = [holdings, ...(write?.steps ?? [])];
    const step = findState(allowed, actual);
    if (step === undefined) violations.push(...nearestDifferences(allowed, actual, write));
    if (write) unanswered.push({ writer, write, step });
    writer.settle(actual, ids);
  }
  return { violations, unanswered };
}

/**
 * Repeats what got no answer, as an identity provider does: whether it had been done or not, it is done afterwards, and
 * once. Returns a sentence for whatever is not so.
 */
export async function repeatUnanswered(
  scim: BenchClient,
  writers: readonly Writer[],
  shared: readonly string[],
  unanswered: readonly Unanswered[],
): Promise<string[]> {
  const violations: string[] = [];
  for (const { writer, write, step } of unanswered) {
    if (write.repeated === undefined || step === undefined) continue;
    writer.expect(write.steps.at(-1) ?? writer.holdings);
    // oxlint-disable-next-line no-await-in-loop -- one request of each writer
    const answer = await scim.send(write.request);
    const isRight = step === 0 ? write.isDone(answer) : answer.status === write.repeated;
    if (!isRight) violations.push(`repeated: ${describe(writer.prefix, write, answer)}`);
  }
  const settled = await settleWriters(scim, writers, shared);
  return [...violations, ...settled.violations.map((sentence) => `repeated: ${sentence}`)];
}

function nearestDifferences(
  allowed: readonly Holdings[],
  actual: Holdings,
  write: Write | undefined,
): string[] {
  const during = write ? ` (no answer to ${JSON.stringify(write.request)})` : "";
  return allowed
    .map((expected) => compareHoldings(expected, actual))
    .reduce((nearest, other) => (other.length < nearest.length ? other : nearest))
    .map((sentence) => `${sentence}${during}`);
}
