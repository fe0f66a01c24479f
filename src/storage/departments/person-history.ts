import { sql, type SQL } from "drizzle-orm";

import type { DepartmentSource } from "../../directory/departments/persons-department.ts";
import type { Assignment } from "../../directory/departments/ports.ts";
import { assignments, formerPeople } from "../people-tables.ts";
import { departments } from "../tables.ts";
import type { LinkRow } from "./department-links.ts";

export interface EndedRow {
  department_id: string;
  /** Null when the department is purged. */
  name: string | null;
  source: DepartmentSource;
  started_at: string;
  ended_at: string;
}

/** Ended times of one person, and those that ended with the person. */
export const selectEnded = (tenantKey: number, userId: string): SQL =>
  sql`SELECT ended.department_id, department.name, ended.source, ended.started_at, ended.ended_at
    FROM ${assignments} AS ended
    LEFT JOIN ${departments} AS department
      ON department.tenant_key = ${tenantKey} AND department.id = ended.department_id
    WHERE ended.tenant_key = ${tenantKey} AND ended.user_id = ${userId}
    UNION ALL
    SELECT entry.value ->> 'id', entry.value ->> 'name', entry.value ->> 'source', entry.value ->> 'since',
      former.deleted_at
    FROM ${formerPeople} AS former INDEXED BY former_people_id CROSS JOIN json_each(former.departments) AS entry
    WHERE former.tenant_key = ${tenantKey} AND former.id = ${userId}`;

/** Newest first: what still lasts, then by the end, then by the beginning. */
export function assignmentsOf(
  present: readonly LinkRow[],
  ended: readonly EndedRow[],
): Assignment[] {
  const all: Assignment[] = [
    ...present
      .filter((row) => row.retired_at === null)
      .map((row) => ({
        departmentId: row.department_id,
        name: row.name,
        source: row.source,
        startedAt: row.since,
        endedAt: null,
      })),
    ...ended.map((row) => ({
      departmentId: row.department_id,
      name: row.name ?? "",
      source: row.source,
      startedAt: row.started_at,
      endedAt: row.ended_at,
    })),
  ];
  const LATEST = "9999";
  const end = ({ endedAt }: Assignment) => endedAt ?? LATEST;
  return all.toSorted((a, b) => compare(end(b), end(a)) || compare(b.startedAt, a.startedAt));
}

const compare = (a: string, b: string): number => (a === b ? 0 : a > b ? 1 : -1);
