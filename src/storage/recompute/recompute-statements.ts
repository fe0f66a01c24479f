import { sql, type SQL } from "drizzle-orm";

import type { Recomputed } from "../../directory/recompute/ports.ts";
import { departments, users } from "../tables.ts";

/** Beside the journal's other columns more ids would not fit into its row: then it tells how many there were. */
const MAX_IDS_TOLD = 16;

interface OfPerson {
  readonly id: string;
  readonly version: number;
}

/**
 * People for an UPDATE: those who are named, at the versions that they were read with. Their new values are looked
 * up by id in a parameter, because the planner of an UPDATE … FROM walks everybody of the tenant for each name of
 * a list.
 */
function named(tenantKey: number, people: readonly OfPerson[]) {
  const ids = JSON.stringify(people.map(({ id }) => id));
  const values = JSON.stringify(Object.fromEntries(people.map((person) => [person.id, person])));
  const field = (name: string) =>
    sql`json_extract(${values}, '$."' || ${users}.id || ${`".${name}`})`;
  const which = sql`${users}.tenant_key = ${tenantKey} AND ${users}.id IN (SELECT value FROM json_each(${ids}))
    AND version = ${field("version")}`;
  return { field, which };
}

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
  const { field, which } = named(tenantKey, people);
  return sql`UPDATE OR IGNORE ${users} INDEXED BY users_id SET email = ${field("email")},
      email_key = ${field("emailKey")}, version = version + ${field("bump")},
      updated_at = max(updated_at, ${at}) WHERE ${which}`;
}

const emailsNamed = (tenantKey: number, { emails }: Recomputed): SQL =>
  sql`FROM json_each(${JSON.stringify(emails)}) AS named
    CROSS JOIN ${users} AS person ON person.tenant_key = ${tenantKey} AND person.id = named.value ->> 'id'`;

/** How many people kept their old address, directly behind `updateEmails`. */
export const selectConflicts = (tenantKey: number, recomputed: Recomputed): SQL =>
  sql`SELECT count(*) AS conflicts ${emailsNamed(tenantKey, recomputed)}
    WHERE person.version = named.value ->> 'version' AND person.email_key IS NOT named.value ->> 'emailKey'`;

export function linkDepartments(
  tenantKey: number,
  { departments: people }: Recomputed,
  at: string,
): SQL {
  const { field, which } = named(tenantKey, people);
  return sql`UPDATE ${users} INDEXED BY users_id SET department_since = ${at}, version = version + 1,
      updated_at = max(updated_at, ${at}), department_id = (SELECT id FROM ${departments}
        WHERE tenant_key = ${tenantKey} AND name_key = ${field("nameKey")})
    WHERE ${which}`;
}

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
