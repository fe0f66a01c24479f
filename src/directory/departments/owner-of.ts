import type { DepartmentRecord } from "./ports.ts";

/** Who says what a department is called and whether it is there. */
export type DepartmentOwner = "hand" | "group" | "attribute" | "synchronisation";

/**
 * A group or an attribute that refers to a department owns it, whoever made it; without one it belongs to whom it
 * was made by. `synchronisation`: nothing refers to it any more, and reconciliation will retire it.
 */
export function ownerOf({
  origin,
  groupId,
  sources,
}: Pick<DepartmentRecord, "origin" | "groupId" | "sources">): DepartmentOwner {
  if (groupId !== null) return "group";
  if (sources.attribute > 0) return "attribute";
  return origin === "manual" ? "hand" : "synchronisation";
}
