import { changeBy, type DirectoryContext } from "../context.ts";
import { retryStale, STALE } from "../retry-stale.ts";
import { ownerOf } from "./owner-of.ts";
import type { DepartmentRecord } from "./ports.ts";

export type KeepOutcome =
  | { readonly kind: "kept"; readonly department: DepartmentRecord }
  | { readonly kind: "unknown" }
  | { readonly kind: "in-use"; readonly by: "group" | "attribute" };

/**
 * Makes a department that nothing refers to any more hand-made, so that it is never retired. One that is hand-made
 * stays as it is; one that a group or an attribute refers to needs no keeping.
 */
export function keepDepartment(context: DirectoryContext, id: string): Promise<KeepOutcome> {
  const { departments } = context;
  return retryStale<KeepOutcome>(context, async () => {
    const department = await departments.byId(id);
    if (!department) return { kind: "unknown" };
    const owner = ownerOf(department);
    switch (owner) {
      case "hand":
        return { kind: "kept", department };
      case "group":
      case "attribute":
        return { kind: "in-use", by: owner };
      case "synchronisation": {
        const outcome = await departments.keep(
          id,
          changeBy(context, {
            operation: "patch",
            resourceType: "Department",
            resourceId: id,
            status: 200,
            diff: [{ attribute: "origin", before: department.origin, after: "manual" }],
            reason: "Kept: it is hand-made from now on.",
          }),
        );
        if (outcome.kind === "stale") return STALE;
        return { kind: "kept", department: { ...department, origin: "manual", orphanedAt: null } };
      }
    }
  });
}
