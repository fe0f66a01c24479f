import { sql, type SQL } from "drizzle-orm";

import type { DepartmentDraft } from "../directory/ports.ts";
import { departments } from "./tables.ts";

/** Makes the department unless one has its name; one that was orphaned or retired is in use again. */
export function ensureDepartment(tenantKey: number, department: DepartmentDraft, at: string): SQL {
  return sql`INSERT INTO ${departments} (tenant_key, id, name, name_key, origin, created_at)
    VALUES (${tenantKey}, ${department.id}, ${department.name}, ${department.nameKey},
      ${department.origin}, ${at})
    ON CONFLICT (tenant_key, name_key) DO UPDATE SET orphaned_at = NULL, orphaned_run = NULL, retired_at = NULL
      WHERE orphaned_at IS NOT NULL OR retired_at IS NOT NULL`;
}

/**
 * A retired department gives its name up to one that is in use. It keeps the name for people's history, but does
 * not come back under it.
 */
export const giveNameUp = (tenantKey: number, nameKey: string, to: string): SQL =>
  sql`UPDATE ${departments} SET name_key = name_key || char(0) || id
    WHERE tenant_key = ${tenantKey} AND name_key = ${nameKey} AND id <> ${to} AND retired_at IS NOT NULL`;

/** Renames a department unless another one already has the name: then nothing changes. */
export function renameDepartment(
  tenantKey: number,
  department: { id: string; name: string; nameKey: string },
): SQL {
  return sql`UPDATE ${departments} SET name = ${department.name}, name_key = ${department.nameKey}
    WHERE tenant_key = ${tenantKey} AND id = ${department.id} AND NOT EXISTS (
      SELECT 1 FROM ${departments} AS other WHERE other.tenant_key = ${tenantKey}
        AND other.name_key = ${department.nameKey} AND other.id <> ${department.id})`;
}

/** The id of the department of that name, as an expression. */
export const departmentIdOf = (tenantKey: number, nameKey: string): SQL =>
  sql`(SELECT id FROM ${departments} WHERE tenant_key = ${tenantKey} AND name_key = ${nameKey})`;
