import { sql, type SQL } from "drizzle-orm";

import type { SearchedKeys } from "../../directory/people/ports.ts";
import { users } from "../tables.ts";
import { userColumns } from "./user-rows.ts";

/** As many as `DirectoryStore.usersMatching` looks at. */
const PEOPLE_PER_KEY = 10;

/**
 * The people who have one of the keys, by the index of each; at most 10 for a key, which many may share. No key
 * may be in the list twice for nothing: each costs a search.
 */
export function selectHavingKeys(tenantKey: number, keys: SearchedKeys): SQL {
  const search = (column: string, values: readonly string[], index: string, more = sql``): SQL =>
    sql`SELECT hit.rowid AS row FROM json_each(${JSON.stringify(values)}) AS named CROSS JOIN ${users} AS hit
      WHERE hit.rowid IN (SELECT person.rowid FROM ${users} AS person INDEXED BY ${sql.identifier(index)}
        WHERE person.tenant_key = ${tenantKey} AND person.${sql.identifier(column)} = named.value${more}
        ORDER BY person.active LIMIT ${PEOPLE_PER_KEY})`;
  const searches = [
    search("user_name_key", keys.userNameKeys, "users_user_name"),
    search("email_key", keys.emailKeys, "users_email"),
    search(
      "work_email_key",
      keys.emailKeys,
      "users_work_email",
      sql` AND person.work_email_key IS NOT person.email_key`,
    ),
    search("external_id", keys.externalIds, "users_external_id"),
  ];
  return sql`SELECT ${userColumns(false)} FROM (${sql.join(searches, sql` UNION `)}) AS found
    CROSS JOIN ${users} ON ${users}.rowid = found.row`;
}
