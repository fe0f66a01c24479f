import { globSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

/**
 * The database of a `wrangler dev` that keeps its state in the folder, while it runs or not. Whoever opens it closes
 * it. Throws where there is no database that was migrated.
 */
export function openLocalDatabase(folder: string): DatabaseSync {
  const files = globSync("v3/d1/*/*.sqlite", { cwd: folder });
  for (const file of files) {
    const database = new DatabaseSync(path.join(folder, file), { timeout: 10_000 });
    const found = database
      .prepare("SELECT 1 FROM sqlite_master WHERE name = 'd1_migrations'")
      .get();
    if (found !== undefined) return database;
    database.close();
  }
  throw new Error(`There is no migrated database in ${folder}.`);
}
