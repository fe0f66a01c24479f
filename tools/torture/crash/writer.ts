import type { BenchAnswer, BenchClient } from "../../bench/open-client.ts";
import { seededRandom } from "../seeded-random.ts";
import { chooseWrite } from "./choose-write.ts";
import { type Holdings, NO_HOLDINGS } from "./holdings.ts";
import type { Pen } from "./pen.ts";
import type { Write } from "./write.ts";

/** What came of a writer's turn. */
export interface Turn {
  readonly acknowledged: number;
  /** Answers that no write may get. */
  readonly surprises: readonly string[];
}

/** A client of its own people and groups, which sends one request after the other. */
export interface Writer {
  readonly prefix: string;
  /** What it has for sure, by the answers that it got. */
  readonly holdings: Holdings;
  /** The request that got no answer; it ends a turn. */
  readonly pending: Write | undefined;
  /** Writes until the answers stop coming. */
  write(scim: BenchClient): Promise<Turn>;
  /** Was promised this by somebody else. */
  expect(holdings: Holdings): void;
  /** Goes on from what is there. */
  settle(actual: Holdings, ids: ReadonlyMap<string, string>): void;
}

/** Who answers that it cannot do it now may have done it. */
const UNAVAILABLE = 503;

export function openWriter(
  { prefix, seed }: { prefix: string; seed: number },
  shared: readonly string[],
): Writer {
  const random = seededRandom(seed);
  let holdings = NO_HOLDINGS;
  let pending: Write | undefined;
  let ids: ReadonlyMap<string, string> = new Map();
  let labels = 0;

  const pen = (): Pen => ({
    prefix,
    random,
    holdings,
    shared,
    idOf(label) {
      const id = ids.get(label);
      if (id === undefined) throw new Error(`The id of ${label} is not known.`);
      return id;
    },
    newLabel: (kind) => `${prefix}-${kind}${++labels}`,
  });

  return {
    prefix,
    get holdings() {
      return holdings;
    },
    get pending() {
      return pending;
    },
    expect(promised) {
      holdings = promised;
    },
    settle(actual, known) {
      holdings = actual;
      ids = known;
      pending = undefined;
    },
    async write(scim) {
      let acknowledged = 0;
      for (;;) {
        const write = chooseWrite(pen());
        pending = write;
        // oxlint-disable-next-line no-await-in-loop -- an answer says what there is to go on with
        const answer = await scim.send(write.request).catch(() => undefined);
        if (answer === undefined || answer.status === UNAVAILABLE) {
          return { acknowledged, surprises: [] };
        }
        if (!write.isDone(answer)) {
          return { acknowledged, surprises: [describe(prefix, write, answer)] };
        }
        ids = new Map([...ids, ...write.idsIn(answer)]);
        holdings = write.steps.at(-1) ?? holdings;
        pending = undefined;
        acknowledged += 1;
      }
    },
  };
}

export const describe = (prefix: string, { kind, request }: Write, answer: BenchAnswer): string =>
  `${prefix}: ${kind} was answered with ${answer.status}: ${answer.text.slice(0, 500)} (${request.method} ${
    request.path
  } ${JSON.stringify(request.body ?? null)})`;
