import { sql, type SQL } from "drizzle-orm";

import { liveSources } from "../../directory/departments/effective-departments.ts";
import type { Settings } from "../../tenancy/settings.ts";
import { departmentMembers, departments, groups, users } from "../tables.ts";

const refers = (tenantKey: number, table: SQL): SQL => sql`EXISTS (SELECT 1 FROM ${table}
  WHERE source.tenant_key = ${tenantKey} AND source.department_id = ${departments}.id)`;

const BY_GROUP = sql`${groups} AS source INDEXED BY groups_department`;
const BY_ATTRIBUTE = sql`${users} AS source INDEXED BY users_department`;
const BY_HAND = sql`${departmentMembers} AS source`;

/** Something refers to the department, also a source that is switched off: switching on again loses nothing. */
export const isReferred = (tenantKey: number): SQL =>
  sql`(${sql.join(
    [BY_GROUP, BY_ATTRIBUTE, BY_HAND].map((table) => refers(tenantKey, table)),
    sql` OR `,
  )})`;

/** Something that counts refers to it. */
export function isReferredNow(tenantKey: number, settings: Settings): SQL {
  const live = liveSources(settings);
  const tables = [
    ...(live.group ? [BY_GROUP] : []),
    ...(live.attribute ? [BY_ATTRIBUTE] : []),
    BY_HAND,
  ];
  return sql`(${sql.join(
    tables.map((table) => refers(tenantKey, table)),
    sql` OR `,
  )})`;
}

/** In use as far as anybody knows, made by a source that counts, and nothing refers to it. */
export function isOrphan(tenantKey: number, settings: Settings): SQL {
  const live = liveSources(settings);
  const origins = (["group", "attribute"] as const).filter((source) => live[source]);
  return sql`retired_at IS NULL AND origin IN (SELECT value FROM json_each(${JSON.stringify(origins)}))
    AND NOT ${isReferred(tenantKey)}`;
}
