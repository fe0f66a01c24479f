import { sql, type SQL } from "drizzle-orm";

import type { JournalFilter, JournalPage, JournalReader } from "../../journal/journal-reader.ts";
import type { LiveTenant } from "../../tenancy/tenant.ts";
import { rowsOf } from "../prepare.ts";
import { changes } from "../tables.ts";
import { tenantDatabase } from "../tenant-database.ts";
import { changeColumns, recordedChange, type ChangeRow } from "./change-rows.ts";
import { earliestSeq, latestSeq } from "./seq-at.ts";

/** Rows that a page looks through. Numbers have no gaps, so that a distance between two of them is a count. */
const MAX_ROWS = 10_000;
/** Where rows are looked through by another index: as many again are counted to find where it stopped. */
const MAX_ROWS_BY_INDEX = MAX_ROWS / 2;

/** Numbers of rows: from the first one on, up to but not including the second. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** The conditions that the number alone does not decide. */
function conditionsOf(filter: JournalFilter): SQL[] {
  const equal = (column: string, value: string | undefined) =>
    value === undefined ? [] : [sql`${sql.identifier(column)} = ${value}`];
  const { text } = filter;
  const contains = (column: string) =>
    sql`instr(lower(coalesce(${sql.identifier(column)}, '')), lower(${text})) > 0`;
  return [
    ...(filter.since === undefined ? [] : [sql`at >= ${filter.since}`]),
    ...(filter.until === undefined ? [] : [sql`at <= ${filter.until}`]),
    ...equal("outcome", filter.outcome),
    ...equal("resource_type", filter.resourceType),
    ...equal("operation", filter.operation),
    ...equal("request_id", filter.requestId),
    ...(text === undefined
      ? []
      : [sql`(${contains("resource_id")} OR ${contains("reason")} OR ${contains("diff")})`]),
  ];
}

/** The rows that an index finds, if one serves the filter. */
function indexedSource({ resourceId, outcome }: JournalFilter): SQL | undefined {
  if (resourceId !== undefined) {
    return sql`${changes} INDEXED BY changes_resource WHERE resource_id = ${resourceId} AND`;
  }
  return outcome === "refused"
    ? sql`${changes} INDEXED BY changes_refused WHERE outcome = 'refused' AND`
    : undefined;
}

/** The journal of one tenant in its D1 database. */
export function journalReader(d1: D1Database, tenant: LiveTenant): JournalReader {
  const database = tenantDatabase(d1, tenant);
  const { key } = database;

  /** All rows there are, and those that a time can be among; two rows read without a time. */
  async function bounds({ since, until }: JournalFilter): Promise<{ all: Range; asked: Range }> {
    const of = sql`FROM ${changes} WHERE tenant_key = ${key} ORDER BY seq`;
    const [found] = await database.read([
      sql`SELECT (SELECT seq ${of} LIMIT 1) AS first, (SELECT seq ${of} DESC LIMIT 1) AS last,
        ${since === undefined ? sql`NULL` : earliestSeq(key, since)} AS earliest,
        ${until === undefined ? sql`NULL` : latestSeq(key, until)} AS latest`,
    ]);
    type Row = Record<"first" | "last" | "earliest" | "latest", number | null>;
    const [row] = rowsOf<Row>(found);
    const all = { from: row?.first ?? 1, to: (row?.last ?? 0) + 1 };
    return { all, asked: { from: row?.earliest ?? all.from, to: row?.latest ?? all.to } };
  }

  async function page(
    filter: JournalFilter,
    range: Range,
    limit: number,
    order: "newest" | "oldest",
  ): Promise<JournalPage> {
    if (range.from >= range.to) return { items: [], next: undefined };
    const direction = order === "newest" ? sql`DESC` : sql`ASC`;
    const source = indexedSource(filter);
    const conditions = sql.join([sql`1`, ...conditionsOf(filter)], sql` AND `);
    const near =
      order === "newest"
        ? { from: Math.max(range.from, range.to - MAX_ROWS), to: range.to }
        : { from: range.from, to: Math.min(range.to, range.from + MAX_ROWS) };
    const within = ({ from, to }: Range) =>
      sql`tenant_key = ${key} AND seq >= ${from} AND seq < ${to} ORDER BY seq ${direction}`;
    const rows = source
      ? sql`(SELECT ${changeColumns} FROM ${source} ${within(range)} LIMIT ${MAX_ROWS_BY_INDEX})`
      : sql`(SELECT ${changeColumns} FROM ${changes} WHERE ${within(near)})`;
    const [found] = await database.read([
      sql`SELECT ${changeColumns} FROM ${rows} WHERE ${conditions} ORDER BY seq ${direction} LIMIT ${limit + 1}`,
    ]);
    const items = rowsOf<ChangeRow>(found).map(recordedChange);
    if (items.length > limit) {
      return { items: items.slice(0, limit), next: items[limit - 1]?.seq };
    }
    if (!source) {
      const isWhole = near.from === range.from && near.to === range.to;
      const next = order === "newest" ? near.from : near.to - 1;
      return { items, next: isWhole ? undefined : next };
    }
    const [stopped] = await database.read([
      sql`SELECT seq FROM ${source} ${within(range)} LIMIT 1 OFFSET ${MAX_ROWS_BY_INDEX - 1}`,
    ]);
    return { items, next: rowsOf<{ seq: number }>(stopped)[0]?.seq };
  }

  return {
    async newest(filter, { limit, before }) {
      const { asked } = await bounds(before === undefined ? filter : { since: filter.since });
      return page(filter, before === undefined ? asked : { ...asked, to: before }, limit, "newest");
    },

    async following(filter, { limit, after }) {
      const { all, asked } = await bounds(filter);
      if (after === undefined) return page(filter, asked, limit, "oldest");
      if (after + 1 < all.from) return "purged";
      const from = Math.max(asked.from, after + 1);
      return page(filter, { from, to: asked.to }, limit, "oldest");
    },
  };
}
