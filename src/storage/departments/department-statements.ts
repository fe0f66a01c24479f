import { sql, type SQL } from "drizzle-orm";

import type { DepartmentDraft } from "../../directory/ports.ts";
import { departments } from "../tables.ts";

// Belongs to whom it serves now; a group takes over what an attribute made, and nobody what a hand made.
const useAgain = sql`ON CONFLICT (tenant_key, name_key) DO UPDATE SET orphaned_at = NULL, orphaned_run = NULL,
    retired_at = NULL, origin = excluded.origin
  WHERE orphaned_at IS NOT NULL OR retired_at IS NOT NULL
    OR (origin = 'attribute' AND excluded.origin = 'group')`;

/**
 * Makes the department unless one has its name; one that was orphaned or retired is in use again. Nothing happens
 * where the condition does not hold.
 */
export const ensureDepartment = (
  tenantKey: number,
  department: DepartmentDraft,
  at: string,
  condition: SQL = sql`1`,
): SQL => sql`INSERT INTO ${departments} (tenant_key, id, name, name_key, origin, created_at)
    SELECT ${tenantKey}, ${department.id}, ${department.name}, ${department.nameKey},
      ${department.origin}, ${at} WHERE ${condition} ${useAgain}`;

/** The same for many: drafts as a JSON array, no name twice. */
export const ensureDepartments = (tenantKey: number, drafts: string, at: string): SQL =>
  sql`INSERT INTO ${departments} (tenant_key, id, name, name_key, origin, created_at)
    SELECT ${tenantKey}, draft.value ->> 'id', draft.value ->> 'name', draft.value ->> 'nameKey',
      draft.value ->> 'origin', ${at}
    FROM json_each(${drafts}) AS draft WHERE 1 ${useAgain}`;

/**
 * A retired department gives its name up to one that is in use. It keeps the name for people's history, but does
 * not come back under it.
 */
export const giveNameUp = (tenantKey: number, nameKey: string, to: string): SQL =>
  sql`UPDATE ${departments} SET name_key = name_key || char(0) || id
    WHERE tenant_key = ${tenantKey} AND name_key = ${nameKey} AND id <> ${to} AND retired_at IS NOT NULL`;

/** The id of the department of that name, as an expression. */
export const departmentIdOf = (tenantKey: number, nameKey: string): SQL =>
  sql`(SELECT id FROM ${departments} WHERE tenant_key = ${tenantKey} AND name_key = ${nameKey})`;
