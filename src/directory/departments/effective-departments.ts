import type { Settings } from "../../tenancy/settings.ts";
import type { DepartmentSource, PersonsDepartment } from "./persons-department.ts";

/** One thing that puts a person into a department, whether or not it counts. */
export interface DepartmentLink {
  readonly departmentId: string;
  readonly name: string;
  readonly retired: boolean;
  readonly source: DepartmentSource;
  /** When the membership, the assignment or the attribute's value began. */
  readonly since: string;
  /** Of a group's link. */
  readonly groupId: string | null;
}

export type DepartmentSettings = Pick<
  Settings,
  "groups" | "departmentAttribute" | "departmentsPerUser"
>;

/** Which sources count. A hand's always does. */
export const liveSources = (
  settings: Pick<DepartmentSettings, "groups" | "departmentAttribute">,
): Readonly<Record<DepartmentSource, boolean>> => ({
  group: settings.groups === "departments",
  attribute: settings.departmentAttribute === "department",
  manual: true,
});

/** What counts first: the IdP's groups, then what somebody here decided, then the attribute. */
const RANK: Readonly<Record<DepartmentSource, number>> = { group: 0, manual: 1, attribute: 2 };

const descending = (a: string, b: string): number => (a === b ? 0 : a > b ? -1 : 1);

/** The membership that was added last comes first; of two at the same moment the one with the higher id. */
const byPrecedence = (a: DepartmentLink, b: DepartmentLink): number =>
  RANK[a.source] - RANK[b.source] ||
  descending(a.since, b.since) ||
  descending(a.groupId ?? a.departmentId, b.groupId ?? b.departmentId);

/**
 * The departments that somebody is in, each once, the one that counts most first; with `departmentsPerUser: one`
 * that one alone. Links of a source that is switched off, and those to retired departments, do not count: they
 * stay where they are, so that switching on again loses nothing.
 */
export function effectiveDepartments(
  links: readonly DepartmentLink[],
  settings: DepartmentSettings,
): PersonsDepartment[] {
  const live = liveSources(settings);
  const departments = new Map<string, PersonsDepartment>();
  for (const { departmentId: id, name, source, since } of links
    .filter((link) => live[link.source] && !link.retired)
    .toSorted(byPrecedence)) {
    if (!departments.has(id)) departments.set(id, { id, name, source, since });
  }
  const all = [...departments.values()];
  return settings.departmentsPerUser === "one" ? all.slice(0, 1) : all;
}
