import * as z from "zod/mini";

import { adviceFor } from "../journal/advice.ts";
import type { RecordedChange } from "../journal/recorded-change.ts";

export const OUTCOMES = ["applied", "refused"] as const;

/** A row of the journal on the wire. */
export const ChangeView = z.object({
  seq: z.int().check(z.describe("Rises by one with every row of the tenant.")),
  at: z.string(),
  requestId: z.string(),
  actor: z.object({ kind: z.enum(["token", "admin", "job"]), id: z.string(), hint: z.string() }),
  operation: z.string(),
  resourceType: z.string(),
  resourceId: z.nullable(z.string()),
  outcome: z.enum(OUTCOMES),
  status: z.int(),
  scimType: z.nullable(z.string()),
  reason: z.nullable(z.string()),
  advice: z.nullable(z.string()).check(z.describe("What to do about it, in plain words.")),
  diff: z
    .array(
      z.looseObject({
        attribute: z.optional(z.string()),
        before: z.optional(z.unknown()),
        after: z.optional(z.unknown()),
      }),
    )
    .check(
      z.describe(
        "Values that were too long, or that a schema never returns, are left out and `cut` is true; `more`: so many other attributes.",
      ),
    ),
});
export type ChangeView = z.infer<typeof ChangeView>;

export function changeView(change: RecordedChange): ChangeView {
  const { seq, at, requestId, actor, operation, resourceType, resourceId } = change;
  const { outcome, status, scimType, reason, diff } = change;
  return {
    seq,
    at,
    requestId,
    actor,
    operation,
    resourceType,
    resourceId,
    outcome,
    status,
    scimType,
    reason,
    advice: adviceFor(change),
    diff: diff.map((entry) => ({ ...entry })),
  };
}

const Ids = z.object({ ids: z.array(z.string()) });

/** The ids that one side of an attribute names, such as those of the members who joined; undefined: it is a value. */
export const idsOf = (value: unknown): readonly string[] | undefined =>
  Ids.safeParse(value).data?.ids;

/** What a row is about, and who is named in it. */
export const idsIn = ({
  resourceId,
  diff,
}: Pick<ChangeView, "resourceId" | "diff">): readonly string[] => [
  ...(resourceId === null ? [] : [resourceId]),
  ...diff.flatMap(({ before, after }) => [...(idsOf(before) ?? []), ...(idsOf(after) ?? [])]),
];

const CSV_COLUMNS = [
  "seq",
  "at",
  "requestId",
  "actorKind",
  "actorId",
  "actorHint",
  "operation",
  "resourceType",
  "resourceId",
  "outcome",
  "status",
  "scimType",
  "reason",
  "advice",
  "diff",
] as const;

export const CHANGE_HEADER: readonly string[] = CSV_COLUMNS;

/** The same row as the cells of a line under the header. */
export function changeCells(change: RecordedChange): (string | null)[] {
  const { actor, diff, seq, status, ...view } = changeView(change);
  const cells: Record<(typeof CSV_COLUMNS)[number], string | null> = {
    ...view,
    seq: String(seq),
    status: String(status),
    actorKind: actor.kind,
    actorId: actor.id,
    actorHint: actor.hint,
    diff: JSON.stringify(diff),
  };
  return CSV_COLUMNS.map((column) => cells[column]);
}
