import { sql, type SQL } from "drizzle-orm";

import type { Recomputed } from "../../directory/recompute/ports.ts";
import { departments, users } from "../tables.ts";

/** Beside the journal's other columns more ids would not fit into its row: then it tells how many there were. */
const MAX_IDS_TOLD = 16;

/**
 * People of the versions that they were read with, as a source for an UPDATE. Found here and changed by rowid,
 * because the planner of an UPDATE … FROM walks everybody of the tenant for each name in a list.
 */
const found = (tenantKey: number, people: readonly unknown[]): SQL =>
  sql`(SELECT person.rowid AS row, named.value AS value FROM json_each(${JSON.stringify(people)}) AS named
    CROSS JOIN ${users} AS person ON person.tenant_key = ${tenantKey} AND person.id = named.value ->> 'id'
    WHERE person.version = named.value ->> 'version') AS found`;

/**
 * Writes addresses. Whose new address is taken is passed over, and found by `selectConflicts` behind it. `bump` is
 * 0 for people whom another statement of the batch is still to find by their version.
 */
export function updateEmails(
  tenantKey: number,
  { emails, departments: linked }: Recomputed,
  at: string,
): SQL {
  const later = new Set(linked.map(({ id }) => id));
  const people = emails.map((person) => ({ ...person, bump: later.has(person.id) ? 0 : 1 }));
  return sql`UPDATE OR IGNORE ${users} SET email = found.value ->> 'email', email_key = found.value ->> 'emailKey',
      version = version + (found.value ->> 'bump'), updated_at = max(updated_at, ${at})
    FROM ${found(tenantKey, people)} WHERE users.rowid = found.row AND users.tenant_key = ${tenantKey}`;
}

const emailsNamed = (tenantKey: number, { emails }: Recomputed): SQL =>
  sql`FROM json_each(${JSON.stringify(emails)}) AS named
    CROSS JOIN ${users} AS person ON person.tenant_key = ${tenantKey} AND person.id = named.value ->> 'id'`;

/** How many people kept their old address, directly behind `updateEmails`. */
export const selectConflicts = (tenantKey: number, recomputed: Recomputed): SQL =>
  sql`SELECT count(*) AS conflicts ${emailsNamed(tenantKey, recomputed)}
    WHERE person.version = named.value ->> 'version' AND person.email_key IS NOT named.value ->> 'emailKey'`;

export const linkDepartments = (
  tenantKey: number,
  { departments: people }: Recomputed,
  at: string,
): SQL =>
  sql`UPDATE ${users} SET department_since = ${at}, version = version + 1, updated_at = max(updated_at, ${at}),
      department_id = (SELECT id FROM ${departments}
        WHERE tenant_key = ${tenantKey} AND name_key = found.value ->> 'nameKey')
    FROM ${found(tenantKey, people)} WHERE users.rowid = found.row AND users.tenant_key = ${tenantKey}`;

/** The diff of the people whom the statements before it changed, in the column `diff`; no row when there is nobody. */
function diffOf(attribute: string, people: SQL): SQL {
  return sql`SELECT json_array(json_object('attribute', ${attribute}, 'after',
      CASE WHEN count(*) <= ${MAX_IDS_TOLD} THEN json_object('ids', json_group_array(person.id))
        ELSE json_object('count', count(*)) END)) AS diff
    ${people} HAVING count(*) > 0`;
}

export const diffOfEmails = (tenantKey: number, recomputed: Recomputed): SQL =>
  diffOf(
    "email",
    sql`${emailsNamed(tenantKey, recomputed)}
      WHERE person.version = (named.value ->> 'version') + 1 AND person.email IS named.value ->> 'email'`,
  );

export const diffOfDepartments = (tenantKey: number, recomputed: Recomputed): SQL =>
  diffOf(
    "department",
    sql`FROM json_each(${JSON.stringify(recomputed.departments)}) AS named
      CROSS JOIN ${users} AS person ON person.tenant_key = ${tenantKey} AND person.id = named.value ->> 'id'
      WHERE person.version = (named.value ->> 'version') + 1`,
  );
