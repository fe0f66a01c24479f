import { sql } from "drizzle-orm";

import type { RecordedChange } from "../../journal/recorded-change.ts";
import { changeColumns, recordedChange, type ChangeRow } from "../journal/change-rows.ts";
import { rowsOf } from "../d1/prepare.ts";
import { changes } from "../tables.ts";
import type { TenantDatabase } from "../d1/tenant-database.ts";

/** By the index changes_resource, as many rows as asked for. */
export async function changesOfPerson(
  database: TenantDatabase,
  id: string,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<RecordedChange[]> {
  const behind = before === undefined ? sql`` : sql` AND seq < ${before}`;
  const [found] = await database.read([
    sql`SELECT ${changeColumns} FROM ${changes} INDEXED BY changes_resource
      WHERE tenant_key = ${database.key} AND resource_id = ${id}${behind} ORDER BY seq DESC LIMIT ${limit}`,
  ]);
  return rowsOf<ChangeRow>(found).map(recordedChange);
}
