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

interface Edges {
  readonly first: number | null;
  readonly last: number | null;
}

/** Numbers of rows: from the first one on, up to but not including the second. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** The conditions that neither the number nor an index decides. */
function conditionsOf(filter: JournalFilter, served: "resource" | "refused" | undefined): SQL[] {
  const equal = (column: string, value: string | undefined) =>
    value === undefined ? [] : [sql`${sql.identifier(column)} = ${value}`];
  const { text } = filter;
  const contains = (column: string) =>
    sql`instr(lower(coalesce(${sql.identifier(column)}, '')), lower(${text})) > 0`;
  return [
    ...(served === "refused" ? [] : equal("outcome", filter.outcome)),
    ...equal("resource_type", filter.resourceType),
    ...equal("operation", filter.operation),
    ...equal("request_id", filter.requestId),
    ...(text === undefined
      ? []
      : [sql`(${contains("resource_id")} OR ${contains("reason")} OR ${contains("diff")})`]),
  ];
}

const servedBy = ({ resourceId, outcome }: JournalFilter): "resource" | "refused" | undefined =>
  resourceId !== undefined ? "resource" : outcome === "refused" ? "refused" : undefined;

const and = (conditions: readonly SQL[]): SQL => sql.join([sql`1`, ...conditions], sql` AND `);

/** The journal of one tenant in its D1 database. */
export function journalReader(d1: D1Database, tenant: LiveTenant): JournalReader {
  const database = tenantDatabase(d1, tenant);
  const { key } = database;
  const ofTenant = sql`tenant_key = ${key}`;
  const edges = sql`SELECT
    (SELECT seq FROM ${changes} WHERE ${ofTenant} ORDER BY seq LIMIT 1) AS first,
    (SELECT seq FROM ${changes} WHERE ${ofTenant} ORDER BY seq DESC LIMIT 1) AS last`;
  const EVERYTHING: Range = { from: 1, to: Number.MAX_SAFE_INTEGER };

  /** The rows that a time can be among. No round trip without a time, unless the end has to be known. */
  async function rangeOf({ since, until }: JournalFilter, end: "known" | "open"): Promise<Range> {
    if (since === undefined && until === undefined && end === "open") return EVERYTHING;
    const [found, ends] = await database.read([
      sql`SELECT ${since === undefined ? sql`NULL` : earliestSeq(key, since)} AS earliest,
        ${until === undefined ? sql`NULL` : latestSeq(key, until)} AS latest`,
      edges,
    ]);
    const [row] = rowsOf<{ earliest: number | null; latest: number | null }>(found);
    const [edge] = rowsOf<Edges>(ends);
    const to = end === "known" ? (edge?.last ?? 0) + 1 : EVERYTHING.to;
    return { from: row?.earliest ?? EVERYTHING.from, to: Math.min(row?.latest ?? to, to) };
  }

  async function page(
    filter: JournalFilter,
    asked: Range,
    limit: number,
    order: "newest" | "oldest",
  ): Promise<{ page: JournalPage; first: number }> {
    const direction = order === "newest" ? sql`DESC` : sql`ASC`;
    const served = servedBy(filter);
    const { since, until } = filter;
    const inTime = [
      ...(since === undefined ? [] : [sql`at >= ${since}`]),
      ...(until === undefined ? [] : [sql`at <= ${until}`]),
    ];
    const conditions = conditionsOf(filter, served);
    const near =
      order === "newest"
        ? { from: Math.max(asked.from, asked.to - MAX_ROWS), to: asked.to }
        : { from: asked.from, to: Math.min(asked.to, asked.from + MAX_ROWS) };
    const within = ({ from, to }: Range) => sql`${ofTenant} AND seq >= ${from} AND seq < ${to}`;
    const walk = (which: SQL) => sql`${which} ORDER BY seq ${direction} LIMIT ${limit + 1}`;

    async function first(query: SQL) {
      const [found, ends] = await database.read([query, edges]);
      const [edge] = rowsOf<Edges>(ends);
      const items = rowsOf<ChangeRow>(found).map(recordedChange);
      const bounds = { from: edge?.first ?? 1, to: (edge?.last ?? 0) + 1 };
      return { items, bounds };
    }
    /** `rest`: where the next page begins when this one is not full. */
    const shown = (
      { items, bounds }: Awaited<ReturnType<typeof first>>,
      rest: number | undefined,
    ) => ({
      page:
        items.length > limit
          ? { items: items.slice(0, limit), next: items[limit - 1]?.seq }
          : { items, next: rest },
      first: bounds.from,
    });

    if (served === undefined) {
      const result = await first(
        sql`SELECT ${changeColumns} FROM ${changes} WHERE ${walk(and([within(near), ...inTime, ...conditions]))}`,
      );
      const isWhole =
        order === "newest"
          ? near.from <= Math.max(asked.from, result.bounds.from)
          : near.to >= Math.min(asked.to, result.bounds.to);
      return shown(result, isWhole ? undefined : order === "newest" ? near.from : near.to - 1);
    }
    const source =
      served === "resource"
        ? sql`${changes} INDEXED BY changes_resource WHERE resource_id = ${filter.resourceId}`
        : sql`${changes} INDEXED BY changes_refused WHERE outcome = 'refused'`;
    const rows = sql`${source} AND ${and([within(asked), ...inTime])}`;
    if (conditions.length === 0) {
      return shown(await first(sql`SELECT ${changeColumns} FROM ${walk(rows)}`), undefined);
    }
    const block = sql`${rows} ORDER BY seq ${direction} LIMIT ${MAX_ROWS_BY_INDEX}`;
    const result = await first(
      sql`SELECT * FROM (SELECT ${changeColumns} FROM ${block}) WHERE ${walk(and(conditions))}`,
    );
    if (result.items.length > limit) return shown(result, undefined);
    const [stopped] = await database.read([
      sql`SELECT seq FROM ${rows} ORDER BY seq ${direction} LIMIT 1 OFFSET ${MAX_ROWS_BY_INDEX - 1}`,
    ]);
    return shown(result, rowsOf<{ seq: number }>(stopped)[0]?.seq);
  }

  return {
    async newest(filter, { limit, before }) {
      const range = await rangeOf(filter, before === undefined ? "known" : "open");
      const to = Math.min(range.to, before ?? range.to);
      return (await page(filter, { ...range, to }, limit, "newest")).page;
    },

    async following(filter, { limit, after }) {
      const range = await rangeOf(filter, "open");
      const from = Math.max(range.from, (after ?? 0) + 1);
      const found = await page(filter, { ...range, from }, limit, "oldest");
      return after !== undefined && after + 1 < found.first ? "purged" : found.page;
    },
  };
}
