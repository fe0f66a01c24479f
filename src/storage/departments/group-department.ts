import { sql, type SQL } from "drizzle-orm";

import type { Write } from "../../directory/ports.ts";
import { departmentIdOf, ensureDepartment, giveNameUp } from "./department-statements.ts";
import { departments, groups, users } from "../tables.ts";
import { endAttributes, endMemberships } from "./assignment-statements.ts";
import { attributeKey } from "./attribute-name.ts";

type LinkDepartment = Extract<Write, { kind: "link-department" }>;

const setLink = (tenantKey: number, groupId: SQL, department: SQL): SQL =>
  sql`UPDATE ${groups} SET department_id = ${department} WHERE tenant_key = ${tenantKey} AND id = ${groupId}`;

/**
 * People whose attribute still says the old name stay in a department of that name, which is made for them;
 * nothing happens where there is nobody.
 */
function keepOldName(tenantKey: number, id: string, write: LinkDepartment, at: string): SQL[] {
  const { before, department, attributeDepartmentId } = write;
  const says = sql`${attributeKey} = ${before.nameKey}`;
  const isMade = sql`EXISTS (SELECT 1 FROM ${departments}
    WHERE tenant_key = ${tenantKey} AND id = ${attributeDepartmentId})`;
  return [
    sql`INSERT INTO ${departments} (tenant_key, id, name, name_key, origin, created_at)
      SELECT ${tenantKey}, ${attributeDepartmentId}, ${before.name}, ${before.nameKey}, 'attribute', ${at}
      WHERE EXISTS (SELECT 1 FROM ${users} INDEXED BY users_department
          WHERE tenant_key = ${tenantKey} AND department_id = ${id} AND ${says})
        AND EXISTS (SELECT 1 FROM ${departments}
          WHERE tenant_key = ${tenantKey} AND id = ${id} AND name_key = ${department.nameKey})
      ON CONFLICT DO NOTHING`,
    endAttributes(tenantKey, id, at, sql`${isMade} AND ${says}`),
    sql`UPDATE ${users} INDEXED BY users_department
      SET department_id = ${attributeDepartmentId}, department_since = ${at}, version = version + 1
      WHERE tenant_key = ${tenantKey} AND department_id = ${id} AND ${isMade} AND ${says}`,
  ];
}

/**
 * The department of a group follows its new name, with its id and its history. Where another one that is in use
 * has the name, the group feeds that one from now on. A department that goes by a name of its own (another was
 * merged into it) keeps both its name and the group.
 */
export function linkDepartment(tenantKey: number, write: LinkDepartment, at: string): SQL[] {
  const { groupId, departmentId: id, before, department } = write;
  const { name, nameKey } = department;
  const named = departmentIdOf(tenantKey, nameKey);
  if (id === null) {
    return [
      ensureDepartment(tenantKey, department, at),
      setLink(tenantKey, sql`${groupId}`, named),
    ];
  }
  const linked = sql`tenant_key = ${tenantKey} AND id = ${id} AND retired_at IS NULL`;
  const stays = sql`EXISTS (SELECT 1 FROM ${departments}
    WHERE ${linked} AND (name_key = ${nameKey} OR name_key <> ${before.nameKey}))`;
  // Null finds nothing, and costs no row.
  const groupUnlessItStays = sql`CASE WHEN ${stays} THEN NULL ELSE ${groupId} END`;
  const relink = [
    ensureDepartment(tenantKey, department, at, sql`NOT ${stays}`),
    endMemberships(tenantKey, groupUnlessItStays, at),
    setLink(tenantKey, groupUnlessItStays, named),
  ];
  if (nameKey === before.nameKey) {
    return [
      sql`UPDATE ${departments} SET name = ${name} WHERE ${linked} AND name_key = ${nameKey}`,
      ...relink,
    ];
  }
  return [
    giveNameUp(tenantKey, nameKey, id),
    sql`UPDATE ${departments} SET name = ${name}, name_key = ${nameKey}
      WHERE ${linked} AND name_key = ${before.nameKey} AND ${named} IS NULL`,
    ...keepOldName(tenantKey, id, write, at),
    ...relink,
  ];
}

/** The group is none of a department's any more. */
export const unlinkDepartment = (tenantKey: number, groupId: string, at: string): SQL[] => [
  endMemberships(tenantKey, sql`${groupId}`, at),
  setLink(tenantKey, sql`${groupId}`, sql`NULL`),
];

/**
 * A group that was deleted and is pushed again under another name is known by its externalId: the department that
 * it fed takes the new name, unless one that is in use has it, or somebody else refers to it by now.
 */
export function resumeDepartment(
  tenantKey: number,
  { externalId, department }: Extract<Write, { kind: "resume-department" }>,
): SQL[] {
  const { name, nameKey } = department;
  const refers = (table: SQL) => sql`EXISTS (SELECT 1 FROM ${table} AS source
    WHERE source.tenant_key = ${tenantKey} AND source.department_id = former.id)`;
  const former = sql`(SELECT former.id FROM ${departments} AS former INDEXED BY departments_external_id
    WHERE former.tenant_key = ${tenantKey} AND former.external_id = ${externalId} AND former.origin <> 'manual'
      AND former.name_key <> ${nameKey} AND NOT ${refers(sql`${groups}`)} AND NOT ${refers(sql`${users}`)}
    LIMIT 1)`;
  return [
    sql`UPDATE ${departments} SET name_key = name_key || char(0) || id
      WHERE tenant_key = ${tenantKey} AND name_key = ${nameKey} AND retired_at IS NOT NULL
        AND ${former} IS NOT NULL`,
    sql`UPDATE ${departments} SET name = ${name}, name_key = ${nameKey}
      WHERE tenant_key = ${tenantKey} AND id = ${former} AND ${departmentIdOf(tenantKey, nameKey)} IS NULL`,
  ];
}

/** To stand before the deletion of a group: by its externalId its department will be known. */
export function rememberGroup(tenantKey: number, groupId: string, externalId: string): SQL[] {
  const fed = sql`(SELECT department_id FROM ${groups} WHERE tenant_key = ${tenantKey} AND id = ${groupId})`;
  return [
    sql`UPDATE ${departments} INDEXED BY departments_external_id SET external_id = NULL
      WHERE tenant_key = ${tenantKey} AND external_id = ${externalId}`,
    sql`UPDATE ${departments} SET external_id = ${externalId} WHERE tenant_key = ${tenantKey} AND id = ${fed}`,
  ];
}
