import { sql } from "drizzle-orm";

import { CONTROL_DATABASE, type Databases } from "../d1/databases.ts";
import { prepare, rowsOf } from "../d1/prepare.ts";
import { tenants } from "../tables.ts";
import { withRetry } from "../d1/with-retry.ts";

/**
 * The name of the database that holds the fewest bytes, then the fewest tenants, then the first. One that cannot
 * answer gets no tenant; without the control database there is none to be made. No query where there is one only.
 */
export async function leastFilled(databases: Databases): Promise<string> {
  const [, ...others] = databases.names;
  if (others.length === 0) return CONTROL_DATABASE;
  const sizeOf = async (name: string): Promise<number> => {
    const database = databases.named(name);
    const { meta } = await withRetry(() => prepare(database, sql`SELECT 1`).run());
    return meta.size_after;
  };
  const [listed, ...sizes] = await Promise.all([
    withRetry(() =>
      prepare(
        databases.control,
        sql`SELECT database, count(*) AS tenants FROM ${tenants} GROUP BY database`,
      ).run(),
    ),
    ...others.map((name) => sizeOf(name).catch(() => Infinity)),
  ]);
  const counts = new Map(
    rowsOf<{ database: string; tenants: number }>(listed).map((row) => [row.database, row.tenants]),
  );
  const fill = [listed.meta.size_after, ...sizes].map((size, at) => {
    const name = databases.names[at] ?? CONTROL_DATABASE;
    return { name, size, tenants: counts.get(name) ?? 0 };
  });
  const [first] = fill.toSorted((a, b) => a.size - b.size || a.tenants - b.tenants);
  return first?.name ?? CONTROL_DATABASE;
}
