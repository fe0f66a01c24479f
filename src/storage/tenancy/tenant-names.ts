import { sql } from "drizzle-orm";

import { prepare, rowsOf } from "../d1/prepare.ts";
import { tenants } from "../tables.ts";
import { withRetry } from "../d1/with-retry.ts";

/** Names of tenants by their ids, from the control database. Who is not among them is gone. */
export async function tenantNames(
  control: D1Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const query = sql`SELECT id, name FROM ${tenants}
    WHERE id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  const found = await withRetry(() => prepare(control, query).run());
  return new Map(rowsOf<{ id: string; name: string }>(found).map(({ id, name }) => [id, name]));
}
