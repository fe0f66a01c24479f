import type { MoveCursor } from "../../tenancy/move-ports.ts";
import { type ChunkLimits, type ChunkRow, keyOf, selectChunk } from "./move-rows.ts";
import { prepare, rowsOf } from "../d1/prepare.ts";
import { tablesOfTenants, type TenantTable } from "../tables-of-tenants.ts";
import { withRetry } from "../d1/with-retry.ts";

/** A tenant in one database. */
export interface TenantPlace {
  readonly database: D1Database;
  readonly tenantKey: number;
}

/** Rows of one table, as a JSON array of arrays in the order of keys. */
interface Part {
  readonly table: TenantTable;
  readonly count: number;
  readonly rows: string;
}

export interface Chunk {
  readonly parts: readonly Part[];
  /** Where the next one begins; undefined: this was the last. */
  readonly next: MoveCursor | undefined;
}

/**
 * The tables that the next statements are for. Inside a table it is the only one. At its beginning it shares the
 * limits with all that follow, since most tables of most tenants hold little: a small tenant is one chunk.
 */
export function tablesFrom(
  cursor: MoveCursor | null,
  limits: ChunkLimits,
): { tables: TenantTable[]; limits: ChunkLimits; following: string | undefined } {
  const all = tablesOfTenants();
  // A table that is not there any more: from the first again, which does no harm.
  const at = Math.max(
    all.findIndex(({ name }) => name === cursor?.table),
    0,
  );
  const isInside = cursor !== null && cursor.after !== null && all[at]?.name === cursor.table;
  const tables = isInside ? all.slice(at, at + 1) : all.slice(at);
  const bytes = Math.floor(limits.bytes / tables.length);
  const following = all[at + tables.length]?.name;
  return { tables, limits: { rows: limits.rows, bytes }, following };
}

/** The next rows of a tenant, those of all tables together within the limits of one. */
export async function readChunk(
  { database, tenantKey }: TenantPlace,
  cursor: MoveCursor | null,
  whole: ChunkLimits,
): Promise<Chunk> {
  const { tables, limits, following } = tablesFrom(cursor, whole);
  const after = (table: TenantTable) => (table.name === cursor?.table ? cursor.after : null);
  const queries = tables.map((table) => selectChunk(table, tenantKey, after(table), limits));
  const results = await withRetry(() =>
    database.batch(queries.map((query) => prepare(database, query))),
  );
  const parts: Part[] = [];
  for (const [at, table] of tables.entries()) {
    const found = rowsOf<ChunkRow>(results[at]);
    const last = found.at(-1);
    if (!last) continue;
    const rows = found.map(({ row }) => row);
    parts.push({ table, count: rows.length, rows: `[${rows.join(",")}]` });
    const isWhole = last.number === last.found && last.found < limits.rows;
    if (!isWhole) return { parts, next: { table: table.name, after: keyOf(table, last.row) } };
  }
  return { parts, next: following === undefined ? undefined : { table: following, after: null } };
}

/**
 * Whether two chunks are the same: table by table the count of their rows, and the SHA-256 of them. Where a chunk
 * ends follows from its rows, so that a row too many on either side makes two chunks differ.
 */
export async function isSameChunk(left: Chunk, right: Chunk): Promise<boolean> {
  const [ours, theirs] = await Promise.all([summaryOf(left), summaryOf(right)]);
  return ours === theirs;
}

async function summaryOf({ parts, next }: Chunk): Promise<string> {
  const tables = parts.map(async ({ table, count, rows }) => [
    table.name,
    count,
    await checksum(rows),
  ]);
  return JSON.stringify([await Promise.all(tables), next ?? null]);
}

async function checksum(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
