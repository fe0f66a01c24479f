import * as z from "zod/mini";

import { writeCsvLine } from "../../../directory/people/csv/write-csv-line.ts";
import type { RecordedChange } from "../../../journal/recorded-change.ts";
import type { AdminDeps } from "../../admin-deps.ts";
import { CHANGE_HEADER, changeCells, ChangeView, changeView, idsIn } from "../../change-view.ts";
import {
  defineOperation,
  NO_INPUT,
  type Caller,
  type FileAnswer,
  type Outcome,
} from "../../operation.ts";
import { nextCursor } from "../../paging.ts";
import { streamPages, type TextPage } from "../../stream-pages.ts";
import { inDirectory } from "../in-directory.ts";
import { TenantParams } from "../tenant-params.ts";
import {
  ChangeQuery,
  cursorOf,
  filterOf,
  LIST,
  positionOf,
  startOf,
  type ChangePosition,
} from "./change-query.ts";

/** Rows of a file that are read at once. */
const FILE_PAGE = 500;

const FORMATS: Readonly<
  Record<
    FileAnswer["type"],
    { header: string; suffix: string; line: (change: RecordedChange) => string }
  >
> = {
  "text/csv": {
    header: writeCsvLine(CHANGE_HEADER),
    suffix: "csv",
    line: (change) => writeCsvLine(changeCells(change)),
  },
  "application/x-ndjson": {
    header: "",
    suffix: "ndjson",
    line: (change) => `${JSON.stringify(changeView(change))}\n`,
  },
};

export const listChangesOperation = defineOperation(
  {
    id: "listChanges",
    method: "get",
    path: "/tenants/{slug}/changes",
    status: 200,
    refusals: [404, 410],
    params: TenantParams,
    query: ChangeQuery,
    body: NO_INPUT,
    answer: z.object({
      items: z.array(ChangeView),
      nextCursor: z.nullable(z.string()),
      names: z
        .optional(z.record(z.string(), z.string()))
        .check(z.describe("With names=true: of people, groups and departments, by their ids.")),
    }),
    alsoAs: ["application/x-ndjson", "text/csv"],
  },
  async ({ params, query, as }, deps, caller) => {
    const { slug } = params;
    const start =
      query.cursor === undefined
        ? startOf(query, deps.clock.now())
        : positionOf(query, query.cursor);
    if (start === undefined) return invalid("cursor", "This is a cursor of the other order.");
    if (query.after !== undefined && query.order === "desc") {
      return invalid("after", "Only together with order=asc.");
    }
    if (as === undefined) {
      const outcome = await readPage(slug, query, start, query.limit, deps, caller);
      if (outcome.kind !== "done") return outcome;
      const { items, next, names } = outcome.answer;
      const cursor = next && nextCursor(LIST, cursorOf(query, next));
      const answer = { items: items.map(changeView), nextCursor: cursor ?? null };
      return { kind: "done", answer: names ? { ...answer, names } : answer };
    }
    const { header, suffix, line } = FORMATS[as];
    // Each portion admits itself: the tenant may change while a file is on its way.
    const portion = async (from: ChangePosition): Promise<Outcome<TextPage<ChangePosition>>> => {
      const unnamed = { ...query, names: false };
      const outcome = await readPage(slug, unnamed, from, FILE_PAGE, deps, caller);
      if (outcome.kind !== "done") return outcome;
      const { items, next } = outcome.answer;
      return { kind: "done", answer: { text: items.map(line).join(""), next } };
    };
    // The first one is read before the answer begins: it can still say that there is nothing to read.
    const first = await portion(start);
    if (first.kind !== "done") return first;
    const content = streamPages(header, first.answer, async (from) => {
      const next = await portion(from);
      if (next.kind !== "done") throw new Error("The journal went away while it was read.");
      return next.answer;
    });
    return { kind: "file", file: { type: as, name: `${slug}-changes.${suffix}`, content } };
  },
);

interface Page {
  readonly items: readonly RecordedChange[];
  readonly next: ChangePosition | undefined;
  readonly names: Readonly<Record<string, string>> | undefined;
}

function readPage(
  slug: string,
  query: ChangeQuery,
  { seq, since }: ChangePosition,
  limit: number,
  deps: AdminDeps,
  caller: Caller,
): Promise<Outcome<Page>> {
  return inDirectory<Page>(slug, deps, caller, async ({ journal }) => {
    const filter = filterOf(query, since);
    const page =
      query.order === "desc"
        ? await journal.newest(filter, { limit, before: seq })
        : await journal.following(filter, { limit, after: seq });
    if (page === "purged") return purged;
    const { items, next } = page;
    const ids = query.names ? new Set(items.flatMap((item) => idsIn(changeView(item)))) : undefined;
    const names = ids && Object.fromEntries(await journal.names([...ids]));
    return {
      kind: "done",
      answer: { items, next: next === undefined ? undefined : { seq: next, since }, names },
    };
  });
}

const purged = {
  kind: "gone",
  detail:
    "Rows behind this number are not kept any longer (setting logRetentionDays). Read the directory anew, and follow the journal from its newest row.",
} as const;

const invalid = (path: string, message: string) =>
  ({ kind: "invalid", errors: [{ path, message }] }) as const;
