import { sql, type SQL } from "drizzle-orm";

import type { TenantDatabase } from "../d1/tenant-database.ts";
import { rowsOf } from "../d1/prepare.ts";
import { formerPeople } from "../people-tables.ts";
import { departments, groups, users } from "../tables.ts";

const personName = sql`coalesce(json_extract(resource, '$.displayName'), json_extract(resource, '$.userName'))`;

/** See `JournalReader.names`. One round trip; each id is looked up by the unique index of its table. */
export async function resourceNames(
  database: TenantDatabase,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const named = (rows: SQL, name: SQL): SQL => sql`SELECT id, ${name} AS name FROM ${rows}
    WHERE tenant_key = ${database.key} AND id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  const found = await database.read([
    // First, so that somebody who is here wins over what is kept of somebody who is not.
    named(sql`${formerPeople} INDEXED BY former_people_id`, personName),
    named(sql`${departments}`, sql`name`),
    named(sql`${groups} INDEXED BY groups_id`, sql`display_name`),
    named(sql`${users} INDEXED BY users_id`, personName),
  ]);
  const rows = found.flatMap((result) => rowsOf<{ id: string; name: string | null }>(result));
  return new Map(rows.flatMap(({ id, name }) => (name === null ? [] : [[id, name] as const])));
}
