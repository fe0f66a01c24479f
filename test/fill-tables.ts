import { columnsInSqlite } from "./many-databases.ts";

/** Gives a tenant rows in every table that has rows of tenants, whatever they mean. */
export async function fillTables(
  database: D1Database,
  tenantKey: number,
  rows = 1,
): Promise<readonly string[]> {
  const tables = await columnsInSqlite(database);
  await database.batch(
    [...tables]
      .filter(([table]) => table !== "tenant_states")
      .map(([table, columns]) => {
        const others = columns.filter((column) => column !== "tenant_key");
        // Text is taken by a column of integers where it is a number.
        const values = others.map(() => "CAST(n AS TEXT)");
        return database
          .prepare(
            `INSERT OR IGNORE INTO "${table}" (tenant_key, ${others.join()}) WITH RECURSIVE numbers(n) AS
               (SELECT 100000 * ?1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000 * ?1 + ?2 - 1)
             SELECT ${["?1", ...values].join()} FROM numbers`,
          )
          .bind(tenantKey, rows);
      }),
  );
  return [...tables.keys()];
}

/** How many rows a tenant has in each table that has any of it. */
export async function rowCounts(
  database: D1Database,
  tenantKey: number,
): Promise<Readonly<Record<string, number>>> {
  const tables = [...(await columnsInSqlite(database)).keys()];
  const found = await database.batch<{ n: number }>(
    tables.map((table) =>
      database.prepare(`SELECT count(*) AS n FROM "${table}" WHERE tenant_key = ?`).bind(tenantKey),
    ),
  );
  const counts = tables.map((table, at): [string, number] => [
    table,
    found[at]?.results[0]?.n ?? 0,
  ]);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
