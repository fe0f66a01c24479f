import * as z from "zod/mini";

import type { DepartmentRecord } from "../directory/departments/ports.ts";

const HOUR_MS = 3_600_000;

/** A department as the administration shows it. */
export const DepartmentView = z.object({
  id: z.string(),
  name: z.string(),
  origin: z.enum(["group", "attribute", "manual"]).check(z.describe("Who made it.")),
  groupId: z.nullable(z.string()).check(z.describe("The group that feeds it.")),
  memberCount: z.int().check(z.describe("Whose department it is, each person counted once.")),
  sources: z
    .object({ group: z.int(), attribute: z.int(), manual: z.int() })
    .check(
      z.describe(
        "People by what links them to it, whether or not it is the one that counts for them.",
      ),
    ),
  orphanedAt: z.nullable(z.string()).check(z.describe("Since when nothing refers to it.")),
  retiresAt: z
    .nullable(z.string())
    .check(z.describe("The earliest moment at which it is retired.")),
});

export const departmentView = (
  department: DepartmentRecord,
  graceHours: number,
): z.infer<typeof DepartmentView> => ({
  id: department.id,
  name: department.name,
  origin: department.origin,
  groupId: department.groupId,
  memberCount: department.memberCount,
  sources: department.sources,
  orphanedAt: department.orphanedAt,
  retiresAt:
    department.orphanedAt === null
      ? null
      : new Date(Date.parse(department.orphanedAt) + graceHours * HOUR_MS).toISOString(),
});
