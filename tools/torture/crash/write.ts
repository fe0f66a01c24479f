import type { BenchAnswer, BenchRequest } from "../../bench/open-client.ts";
import type { Holdings } from "./holdings.ts";

/** One request of a writer, and what becomes of the writer's holdings. */
export interface Write {
  readonly kind: string;
  readonly request: BenchRequest;
  /** After each of its transactions: one, except in Bulk. Without an answer, any of them may be there, or none. */
  readonly steps: readonly [Holdings, ...Holdings[]];
  /** Whether this is the answer that promises the last of the steps. */
  isDone(answer: BenchAnswer): boolean;
  /** The status of a repetition when the first one was done after all. Undefined: it is not repeated. */
  readonly repeated: number | undefined;
  /** Labels and ids of what was made, out of the answer that promises it. */
  idsIn(answer: BenchAnswer): readonly (readonly [label: string, id: string])[];
}
