import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { unstable_splitSqlQuery } from "wrangler";

const FOLDER = path.join(import.meta.dirname, "../../migrations");

/** Every migration in its order, as `wrangler d1 migrations apply` runs them. */
export async function applyMigrations(database: D1Database): Promise<void> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".sql"));
  for (const file of files.toSorted()) {
    const statements = unstable_splitSqlQuery(readFileSync(path.join(FOLDER, file), "utf8"));
    // oxlint-disable-next-line no-await-in-loop -- one migration after the other
    await database.batch(statements.map((sql) => database.prepare(sql)));
  }
}
