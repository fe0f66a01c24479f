import { sql, type SQL } from "drizzle-orm";

import { guards } from "../tables.ts";

/**
 * Directly behind a statement that names a row and its version: when that row is gone or has another version,
 * nothing was changed, and the whole batch is undone. Reads no row, unlike a guard that looks for itself.
 */
export const sameVersion = (write: SQL): SQL[] => [
  write,
  sql`INSERT INTO ${guards} (version) SELECT 0 WHERE changes() = 0`,
];
