import { sql, type SQL } from "drizzle-orm";

import {
  effectiveDepartments,
  type DepartmentLink,
  type DepartmentSettings,
} from "../../directory/departments/effective-departments.ts";
import type { PersonsDepartment } from "../../directory/departments/persons-department.ts";
import type { UserRecord } from "../../directory/ports.ts";
import { rowsOf } from "../d1/prepare.ts";
import { linkOf, selectLinks, type LinkRow } from "./department-links.ts";

/** Beside the row of one person: nothing is read for somebody whom only the attribute puts into a department. */
export const selectOtherLinks = (
  tenantKey: number,
  id: string,
  settings: DepartmentSettings,
): SQL => selectLinks(tenantKey, sql`(SELECT ${id} AS value)`, settings, "attribute");

/** The attribute's department goes by the name that the attribute gives it. */
export function departmentsOfRow(
  { departmentId, departmentSince, keys, createdAt }: UserRecord,
  others: D1Result | undefined,
  settings: DepartmentSettings,
): PersonsDepartment[] {
  const links: DepartmentLink[] = rowsOf<LinkRow>(others).map(linkOf);
  if (departmentId !== null && keys.department !== null) {
    links.push({
      departmentId,
      name: keys.department,
      retired: false,
      source: "attribute",
      since: departmentSince ?? createdAt,
      groupId: null,
    });
  }
  return effectiveDepartments(links, settings);
}
