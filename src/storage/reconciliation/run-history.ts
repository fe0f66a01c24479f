import { sql, type SQL } from "drizzle-orm";

import type { RunHistory, RunReport, RunTrigger } from "../../directory/reconciliation/ports.ts";
import type { Databases } from "../d1/databases.ts";
import { reconciliations } from "../job-tables.ts";
import { prepare, rowsOf } from "../d1/prepare.ts";
import { tenants, tenantStates } from "../tables.ts";
import { withRetry } from "../d1/with-retry.ts";

interface RunRow {
  id: string;
  trigger: RunTrigger;
  started_at: string;
  finished_at: string | null;
  tenants: number;
  marked: number;
  unmarked: number;
  retired: number;
  repaired: number;
  /** Ids of tenants: JSON that the statement below makes. */
  brakes: string;
}

/** The guarantee of the cast: the statement below wrote this text. */
const parseIds = (text: string) => JSON.parse(text) as string[];

const sum = (
  rows: readonly RunRow[],
  count: "tenants" | "marked" | "unmarked" | "retired" | "repaired",
) => rows.reduce((total, row) => total + row[count], 0);

/** A run is over when it is over everywhere. */
const lastOf = (rows: readonly RunRow[]): string | null =>
  rows.reduce<string | null>(
    (last, { finished_at: end }) =>
      last === null || end === null ? null : end > last ? end : last,
    "",
  );

const reportOf = (
  id: string,
  rows: readonly [RunRow, ...RunRow[]],
  slugs: ReadonlyMap<string, string>,
): RunReport => ({
  id,
  trigger: rows[0].trigger,
  startedAt: rows.reduce(
    (first, row) => (row.started_at < first ? row.started_at : first),
    rows[0].started_at,
  ),
  finishedAt: lastOf(rows),
  tenants: sum(rows, "tenants"),
  marked: sum(rows, "marked"),
  unmarked: sum(rows, "unmarked"),
  retired: sum(rows, "retired"),
  repaired: sum(rows, "repaired"),
  brakes: rows
    .flatMap((row) => parseIds(row.brakes))
    .flatMap((tenantId) => slugs.get(tenantId) ?? [])
    .toSorted(),
});

/** The runs of every database; one that several took part in is told as one. */
export function runHistory(databases: Databases): RunHistory {
  async function query<Row>(database: D1Database, statement: SQL): Promise<Row[]> {
    return rowsOf<Row>(await withRetry(() => prepare(database, statement).run()));
  }

  async function reports(condition: SQL, limit: number): Promise<RunReport[]> {
    const select = sql`SELECT id, trigger, started_at, finished_at, tenants, marked, unmarked, retired, repaired,
        (SELECT json_group_array(braked.tenant_id) FROM json_each(brakes) AS brake
          CROSS JOIN ${tenantStates} AS braked ON braked.tenant_key = brake.value) AS brakes
      FROM ${reconciliations} WHERE ${condition} ORDER BY run DESC LIMIT ${limit}`;
    const rows = (
      await Promise.all(databases.names.map((name) => query<RunRow>(databases.named(name), select)))
    ).flat();
    const braked = JSON.stringify([...new Set(rows.flatMap((row) => parseIds(row.brakes)))]);
    const named =
      braked === "[]"
        ? []
        : await query<{ id: string; slug: string }>(
            databases.control,
            sql`SELECT id, slug FROM ${tenants} WHERE id IN (SELECT value FROM json_each(${braked}))`,
          );
    const slugs = new Map(named.map(({ id, slug }) => [id, slug]));
    return [...Map.groupBy(rows, (row) => row.id)]
      .flatMap(([id, [first, ...others]]) =>
        first ? [reportOf(id, [first, ...others], slugs)] : [],
      )
      .toSorted((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, limit);
  }

  return {
    async list({ limit, cursor }) {
      // Ids of runs rise with time (UUIDv7).
      const older = cursor === undefined ? sql`1` : sql`id < ${cursor}`;
      const found = await reports(older, limit + 1);
      const items = found.slice(0, limit);
      return { items, nextCursor: found.length > limit ? items.at(-1)?.id : undefined };
    },
    byId: async (id) => (await reports(sql`id = ${id}`, 1))[0],
  };
}
