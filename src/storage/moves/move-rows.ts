import { sql, type SQL } from "drizzle-orm";

import type { TenantTable } from "../tables-of-tenants.ts";

/** How much of one table stands in one statement. */
export interface ChunkLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** Keeps a chunk under D1's 2 MB for one value: quoted in JSON, text at most doubles. */
export const CHUNK_LIMITS: ChunkLimits = { rows: 2000, bytes: 800_000 };
/** What JSON adds to a column: quotes and a comma, or `null`. */
const BYTES_PER_COLUMN = 5;

/** The key of a row in its table, without the tenant. */
export type RowKey = readonly (string | number)[];

export interface ChunkRow {
  /** A JSON array of the columns. */
  row: string;
  /** Its place among those that were looked at, and how many these are: at most as many as the limit says. */
  number: number;
  found: number;
}

const list = (parts: readonly SQL[], between = sql`, `): SQL => sql.join([...parts], between);
const named = (name: string): SQL => sql`${sql.identifier(name)}`;

/**
 * The next rows of a tenant behind a key, in the order of keys; at least one, where there is one. How many fit is
 * asked first: SQLite knows the length of a value without reading it.
 */
export function selectChunk(
  table: TenantTable,
  tenantKey: number,
  after: RowKey | null,
  limits: ChunkLimits,
): SQL {
  const { columns } = table;
  // A tenant has one row where the tenant is the whole key, and nothing is behind it.
  const key = table.key.length === 0 ? ["tenant_key"] : table.key;
  const behind =
    table.key.length === 0
      ? sql`0`
      : sql`(${list(key.map(named))}) > (${list((after ?? []).map((value) => sql`${value}`))})`;
  const places = key.map((_, at) => named(`k${at}`));
  const keys = key.map((name, at) => sql`${named(name)} AS ${named(`k${at}`)}`);
  const lengths = columns.map((name) => sql`coalesce(octet_length(${named(name)}), 0)`);
  const looked = sql`SELECT ${list(keys)}, ${list(lengths, sql` + `)} + ${columns.length * BYTES_PER_COLUMN} AS bytes
    FROM ${named(table.name)} WHERE tenant_key = ${tenantKey} AND ${after ? behind : sql`1`}
    ORDER BY ${list(key.map(named))} LIMIT ${limits.rows}`;
  const same = key.map((name, at) => sql`source.${named(name)} = walk.${named(`k${at}`)}`);
  return sql`SELECT json_array(${list(columns.map((name) => sql`source.${named(name)}`))}) AS row, number, found
    FROM (SELECT ${list(places)}, row_number() OVER so_far AS number, sum(bytes) OVER so_far AS total,
        count(*) OVER () AS found
      FROM (${looked}) WINDOW so_far AS (ORDER BY ${list(places)} ROWS UNBOUNDED PRECEDING)) AS walk
    CROSS JOIN ${named(table.name)} AS source ON source.tenant_key = ${tenantKey} AND ${list(same, sql` AND `)}
    WHERE number = 1 OR total <= ${limits.bytes} ORDER BY number`;
}

/** Puts rows under another number of the tenant. What is there already stays: a chunk may be sent twice. */
export function insertRows(table: TenantTable, tenantKey: number, rows: string): SQL {
  const values = table.columns.map((_, at) => sql`json_extract(value, ${sql.raw(`'$[${at}]'`)})`);
  return sql`INSERT INTO ${named(table.name)} (tenant_key, ${list(table.columns.map(named))})
    SELECT ${tenantKey}, ${list(values)} FROM json_each(${rows}) WHERE 1 ON CONFLICT DO NOTHING`;
}

/** Deletes some of a tenant's rows; again and again, until there are none. */
export function deleteRows(table: TenantTable, tenantKey: number, { rows }: ChunkLimits): SQL {
  const key = list(["tenant_key", ...table.key].map(named));
  return sql`DELETE FROM ${named(table.name)} WHERE (${key}) IN (
    SELECT ${key} FROM ${named(table.name)} WHERE tenant_key = ${tenantKey} LIMIT ${rows})`;
}

/** The key of a row that `selectChunk` returned. The cast's guarantee: keys are of text and integers. */
export function keyOf(table: TenantTable, row: string): RowKey {
  const values = JSON.parse(row) as (string | number)[];
  return table.key.flatMap((name) => values[table.columns.indexOf(name)] ?? []);
}
