import type { AttributeChange, Change } from "./change.ts";

/** One entry of a diff as the journal kept it: a row holds about 750 bytes of values. */
export type RecordedDiff =
  | AttributeChange
  /** So many further attributes changed. */
  | { readonly more: number };

/** A row of the journal. `seq` rises by one with every row of a tenant, in the order in which they were written. */
export interface RecordedChange extends Omit<Change, "diff"> {
  readonly seq: number;
  readonly diff: readonly RecordedDiff[];
}
