import * as z from "zod/mini";

import type { JournalFilter } from "../../../journal/journal-reader.ts";
import { CHANGE_OPERATIONS } from "../../../journal/change.ts";
import { OUTCOMES } from "../../change-view.ts";
import { pageQuery } from "../../paging.ts";

export const LIST = "changes";

const DAY_MS = 86_400_000;
const WINDOW_MS = 7 * DAY_MS;

const Time = z.pipe(
  z.union([z.iso.datetime({ offset: true }), z.iso.date()], "Use an ISO 8601 date or time."),
  z.transform((time) => new Date(time).toISOString()),
);
const Text = z.string().check(z.maxLength(256));

export const ChangeQuery = z.object({
  since: z.optional(Time).check(z.describe("Default: 7 days before `until`, or before now.")),
  until: z.optional(Time),
  outcome: z.optional(z.enum(OUTCOMES)),
  resourceType: z.optional(Text),
  resourceId: z.optional(Text),
  operation: z.optional(z.enum(CHANGE_OPERATIONS)),
  q: z.optional(Text).check(z.describe("Anywhere in resource id, reason or diff.")),
  requestId: z.optional(Text),
  after: z
    .optional(
      z.coerce.number("Use a whole number.").check(z.int("Use a whole number."), z.minimum(0)),
    )
    .check(z.describe("Behind the row of this number, however old; together with order=asc.")),
  order: z._default(z.enum(["asc", "desc"]), "desc"),
  names: z
    .pipe(
      z._default(z.enum(["true", "false"]), "false"),
      z.transform((names) => names === "true"),
    )
    .check(z.describe("Whether to tell how what the rows are about is called now.")),
  ...pageQuery(LIST),
});
export type ChangeQuery = z.output<typeof ChangeQuery>;

/** Where a page of a list begins: the row next to it, and since when rows are looked for. */
export interface ChangePosition {
  readonly seq: number | undefined;
  readonly since: string | undefined;
}

/**
 * Where the first page begins. Whoever follows the journal by its numbers sees every row behind the last one; all
 * others see a week unless they say otherwise.
 */
export function startOf({ since, until, after }: ChangeQuery, now: number): ChangePosition {
  const end = until === undefined ? now : Date.parse(until);
  const window = after === undefined ? new Date(end - WINDOW_MS).toISOString() : undefined;
  return { seq: after, since: since ?? window };
}

/** The window stays where it was when the list began: it is part of the cursor, and so is the order. */
export const cursorOf = ({ order }: ChangeQuery, { seq, since }: ChangePosition): string =>
  JSON.stringify([order, seq, since ?? null]);

const Cursor = z.tuple([z.enum(["asc", "desc"]), z.int(), z.nullable(z.string())]);

/** Undefined for a cursor of the other order, and for one that is made up. */
export function positionOf({ order }: ChangeQuery, cursor: string): ChangePosition | undefined {
  const parsed = Cursor.safeParse(parse(cursor));
  if (!parsed.success) return undefined;
  const [of, seq, since] = parsed.data;
  return of === order ? { seq, since: since ?? undefined } : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const filterOf = (query: ChangeQuery, since: string | undefined): JournalFilter => ({
  since,
  until: query.until,
  outcome: query.outcome,
  resourceType: query.resourceType,
  resourceId: query.resourceId,
  operation: query.operation,
  requestId: query.requestId,
  text: query.q,
});
