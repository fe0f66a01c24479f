import type * as z from "zod/mini";

import type { DepartmentView } from "../../department-view.ts";
import { Badge } from "./notice.tsx";
import { Time } from "./time.tsx";

export type Department = z.infer<typeof DepartmentView>;

/** What puts somebody into a department, or made it. */
export const SOURCE_WORDS = {
  group: "a group",
  attribute: "the attribute",
  manual: "hand",
} as const;

export const peopleOf = (count: number): string =>
  count === 1 ? "1 person" : `${count.toLocaleString("en")} people`;

/** Somebody whom two sources link to it counts twice. */
export const linksOf = ({ sources }: Pick<Department, "sources">): number =>
  sources.group + sources.attribute + sources.manual;

/** How many people each source links to it, in words. */
export function linkedBy({ sources }: Pick<Department, "sources">): string {
  const words = (["group", "attribute", "manual"] as const)
    .filter((source) => sources[source] > 0)
    .map((source) => `${sources[source].toLocaleString("en")} by ${SOURCE_WORDS[source]}`);
  return words.length === 0 ? "nobody" : words.join(", ");
}

/** Whether anything refers to it, and when it goes if nothing does. */
export function DepartmentState({ department }: { department: Department }) {
  if (department.orphanedAt === null) return <>In use</>;
  return (
    <>
      <Badge tone="warn">Orphaned</Badge> goes <Time at={department.retiresAt} /> at the earliest
    </>
  );
}
