import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";

import type { Json } from "./scim-client.ts";

/** A deployment with three databases, by their binding names. */
export const THREE = { DB: env.DB, DB_1: env.SPARE_1, DB_2: env.SPARE_2 } as const;
export type Place = keyof typeof THREE;
export const PLACES: readonly Place[] = ["DB", "DB_1", "DB_2"];

/** Only the files that need more than one pay for it. */
export async function migrateSpares(): Promise<void> {
  await applyD1Migrations(env.SPARE_1, env.TEST_MIGRATIONS);
  await applyD1Migrations(env.SPARE_2, env.TEST_MIGRATIONS);
}

/** The columns of the tables with rows of tenants, as SQLite itself knows them. */
export async function columnsInSqlite(database: D1Database): Promise<Map<string, string[]>> {
  const tables = await database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 1) <> '_'")
    .all<{ name: string }>();
  const names = tables.results.map(({ name }) => name).sort();
  const found = await database.batch<{ name: string }>(
    names.map((name) => database.prepare(`SELECT name FROM pragma_table_info('${name}')`)),
  );
  const columns = names.map((name, at): [string, string[]] => [
    name,
    (found[at]?.results ?? []).map((column) => column.name),
  ]);
  // Runs of a job may be for one tenant, and are no rows of it.
  return new Map(
    columns.filter(([name, own]) => own.includes("tenant_key") && name !== "reconciliations"),
  );
}

const tablesInSqlite = async (database: D1Database) => [
  ...(await columnsInSqlite(database)).keys(),
];

/** A row of the journal about a move. */
export const isAboutMove = ({ resource_type: type, diff }: Json): boolean =>
  type === "Tenant" && String(diff).startsWith('[{"attribute":"database"');

/** Everything that a database holds of a tenant, without what belongs to its place; undefined: it has no row there. */
export async function dumpOf(
  place: Place,
  tenantId: string,
): Promise<Record<string, Json[]> | undefined> {
  const database = THREE[place];
  const state = await database
    .prepare("SELECT * FROM tenant_states WHERE tenant_id = ?")
    .bind(tenantId)
    .first<Json & { tenant_key: number }>();
  if (!state) return undefined;
  const tables = await tablesInSqlite(database);
  const found = await database.batch<Json>(
    tables.map((table) =>
      database.prepare(`SELECT * FROM "${table}" WHERE tenant_key = ?`).bind(state.tenant_key),
    ),
  );
  const withoutPlace = ({ tenant_key: _key, epoch: _epoch, ...row }: Json) =>
    "orphaned_run" in row ? { ...row, orphaned_run: row["orphaned_run"] !== null } : row;
  const dump = tables.map((table, at): [string, Json[]] => [
    table,
    (found[at]?.results ?? [])
      .filter((row) => !isAboutMove(row))
      .map(withoutPlace)
      .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  ]);
  return Object.fromEntries(dump);
}

/** The places that have a row of the tenant's fence. */
export async function placesOf(tenantId: string): Promise<Place[]> {
  const found = await Promise.all(
    PLACES.map((place) =>
      THREE[place]
        .prepare("SELECT 1 FROM tenant_states WHERE tenant_id = ?")
        .bind(tenantId)
        .first(),
    ),
  );
  return PLACES.filter((_, at) => found[at] !== null);
}

/** Rows of tenants that the database does not know (any more): table names, sorted. */
export async function strayRows(place: Place): Promise<string[]> {
  const database = THREE[place];
  const tables = await tablesInSqlite(database);
  const found = await database.batch(
    tables.map((table) =>
      database.prepare(
        `SELECT 1 FROM "${table}" WHERE tenant_key NOT IN (SELECT tenant_key FROM tenant_states) LIMIT 1`,
      ),
    ),
  );
  return tables.filter((_, at) => (found[at]?.results.length ?? 0) > 0);
}
