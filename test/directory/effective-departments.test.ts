import { describe, expect, it } from "vitest";

import {
  effectiveDepartments,
  type DepartmentLink,
  type DepartmentSettings,
} from "../../src/directory/departments/effective-departments.ts";
import type { PersonsDepartment } from "../../src/directory/departments/persons-department.ts";
import { settingsOf } from "../../src/tenancy/presets.ts";
import rows from "./effective-departments-cases.json" with { type: "json" };

interface Case {
  readonly what: string;
  readonly settings: Partial<Pick<DepartmentSettings, "groups" | "departmentAttribute">>;
  readonly links: readonly DepartmentLink[];
  readonly one: readonly PersonsDepartment[];
  readonly many: readonly PersonsDepartment[];
}

// The table is our own file, so that its type is what the test says.
const CASES = rows as readonly Case[];

describe.each(["one", "many"] as const)("%s per person", (departmentsPerUser) => {
  it.each(CASES)("$what", ({ settings, links, ...expected }) => {
    const all = settingsOf("training", { ...settings, departmentsPerUser });
    expect(effectiveDepartments(links, all)).toEqual(expected[departmentsPerUser]);
    expect(effectiveDepartments(links.toReversed(), all)).toEqual(expected[departmentsPerUser]);
  });
});
