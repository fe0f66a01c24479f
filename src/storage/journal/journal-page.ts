import { sql, type SQL } from "drizzle-orm";

import type { JournalFilter, JournalPage } from "../../journal/journal-reader.ts";
import type { RecordedChange } from "../../journal/recorded-change.ts";
import { rowsOf } from "../d1/prepare.ts";
import { changes } from "../tables.ts";
import type { TenantDatabase } from "../d1/tenant-database.ts";
import { changeColumns, recordedChange, type ChangeRow } from "./change-rows.ts";
import { indexedRows, otherConditions, timeConditions } from "./journal-conditions.ts";

/** Rows that a page looks through. Numbers have no gaps, so that a distance between two of them is a count. */
const MAX_ROWS = 10_000;
/** Where an index finds them: as many again are counted to see where it stopped. */
const MAX_ROWS_BY_INDEX = MAX_ROWS / 2;

/** Numbers of rows: from the first one on, up to but not including the second. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Search {
  readonly filter: JournalFilter;
  /** Which rows a page may be made of. */
  readonly range: Range;
  readonly limit: number;
  readonly order: "newest" | "oldest";
}

interface Found {
  readonly items: readonly RecordedChange[];
  /** The numbers that the journal has, as of the same moment. */
  readonly kept: Range;
}

const and = (conditions: readonly SQL[]): SQL => sql.join([...conditions], sql` AND `);

const within = (key: number, { from, to }: Range): SQL =>
  sql`tenant_key = ${key} AND seq >= ${from} AND seq < ${to}`;

const inOrder = ({ order }: Search): SQL =>
  order === "newest" ? sql`ORDER BY seq DESC` : sql`ORDER BY seq`;

/** The numbers at both ends of a journal, in the columns `first` and `last`. */
export const selectEnds = (key: number): SQL => sql`SELECT
  (SELECT seq FROM ${changes} WHERE tenant_key = ${key} ORDER BY seq LIMIT 1) AS first,
  (SELECT seq FROM ${changes} WHERE tenant_key = ${key} ORDER BY seq DESC LIMIT 1) AS last`;

export function keptRange(ends: D1Result | undefined): Range {
  const [row] = rowsOf<{ first: number | null; last: number | null }>(ends);
  return { from: row?.first ?? 1, to: (row?.last ?? 0) + 1 };
}

async function find(database: TenantDatabase, rows: SQL): Promise<Found> {
  const query = sql`SELECT ${changeColumns} FROM ${rows}`;
  const [found, ends] = await database.read([query, selectEnds(database.key)]);
  return { items: rowsOf<ChangeRow>(found).map(recordedChange), kept: keptRange(ends) };
}

/** `rest`: where the next page begins, when this one is not full. */
function pageOf({ items }: Found, limit: number, rest: number | undefined): JournalPage {
  return items.length > limit
    ? { items: items.slice(0, limit), next: items[limit - 1]?.seq }
    : { items, next: rest };
}

type Result = { readonly page: JournalPage; readonly kept: Range };

/** Looks through the rows in the order of their numbers, which is that of the primary key. */
async function pageByNumber(database: TenantDatabase, search: Search): Promise<Result> {
  const { filter, range, limit, order } = search;
  const near =
    order === "newest"
      ? { from: Math.max(range.from, range.to - MAX_ROWS), to: range.to }
      : { from: range.from, to: Math.min(range.to, range.from + MAX_ROWS) };
  const conditions = and([
    within(database.key, near),
    ...timeConditions(filter),
    ...otherConditions(filter),
  ]);
  const found = await find(
    database,
    sql`${changes} WHERE ${conditions} ${inOrder(search)} LIMIT ${limit + 1}`,
  );
  const { kept } = found;
  const rest =
    order === "newest"
      ? { from: near.from, isLeft: near.from > Math.max(range.from, kept.from) }
      : { from: near.to - 1, isLeft: near.to < Math.min(range.to, kept.to) };
  return { page: pageOf(found, limit, rest.isLeft ? rest.from : undefined), kept };
}

/** Looks through the rows that an index finds; no further than the page where the index decides all. */
async function pageByIndex(database: TenantDatabase, search: Search, source: SQL): Promise<Result> {
  const { filter, range, limit } = search;
  const rows = sql`${source} AND ${and([within(database.key, range), ...timeConditions(filter)])}
    ${inOrder(search)}`;
  const others = otherConditions(filter);
  if (others.length === 0) {
    const found = await find(database, sql`${rows} LIMIT ${limit + 1}`);
    return { page: pageOf(found, limit, undefined), kept: found.kept };
  }
  const block = sql`(SELECT ${changeColumns} FROM ${rows} LIMIT ${MAX_ROWS_BY_INDEX})`;
  const found = await find(
    database,
    sql`${block} WHERE ${and(others)} ${inOrder(search)} LIMIT ${limit + 1}`,
  );
  if (found.items.length > limit) {
    return { page: pageOf(found, limit, undefined), kept: found.kept };
  }
  const [stopped] = await database.read([
    sql`SELECT seq FROM ${rows} LIMIT 1 OFFSET ${MAX_ROWS_BY_INDEX - 1}`,
  ]);
  const rest = rowsOf<{ seq: number }>(stopped)[0]?.seq;
  return { page: pageOf(found, limit, rest), kept: found.kept };
}

/** A page of a journal, and the numbers that the journal has. Reads some 10,000 rows at most. */
export function journalPage(database: TenantDatabase, search: Search): Promise<Result> {
  const source = indexedRows(search.filter);
  return source ? pageByIndex(database, search, source) : pageByNumber(database, search);
}
