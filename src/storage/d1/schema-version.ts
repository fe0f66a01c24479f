import { withRetry } from "./with-retry.ts";

/** Name of the newest migration that a database has, as wrangler keeps it; undefined before the first. */
export async function schemaVersion(database: D1Database): Promise<string | undefined> {
  const row = await withRetry(() =>
    database
      .prepare("SELECT name FROM d1_migrations ORDER BY id DESC LIMIT 1")
      .first<{ name: string }>(),
  );
  return row?.name;
}
