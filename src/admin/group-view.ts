import * as z from "zod/mini";

import type { GroupSummary } from "../directory/groups/ports.ts";
import type { Settings } from "../tenancy/settings.ts";

/** A group as the administration shows it. */
export const GroupView = z.object({
  id: z.string(),
  displayName: z.string(),
  externalId: z.nullable(z.string()),
  memberCount: z.int(),
  departmentId: z.nullable(z.string()).check(z.describe("The department that it feeds.")),
  departmentName: z.nullable(z.string()),
  createdAt: z.string(),
  updatedAt: z.string(),
  version: z.int(),
});

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

export const groupView = (
  { group, memberCount, departmentName }: GroupSummary,
  { groups }: Pick<Settings, "groups">,
): z.infer<typeof GroupView> => ({
  id: group.id,
  displayName: textOf(group.document["displayName"]) ?? "",
  externalId: textOf(group.document["externalId"]),
  memberCount,
  // A link from before is kept while groups are no departments, and feeds nothing.
  departmentId: groups === "departments" ? group.departmentId : null,
  departmentName: groups === "departments" ? departmentName : null,
  createdAt: group.createdAt,
  updatedAt: group.updatedAt,
  version: group.version,
});
