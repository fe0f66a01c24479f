import { changeBy, type DirectoryContext } from "../context.ts";
import { retryStale, STALE } from "../retry-stale.ts";
import { ownerOf, type DepartmentOwner } from "./owner-of.ts";

export type DeleteOutcome =
  | { readonly kind: "deleted" }
  | { readonly kind: "unknown" }
  | { readonly kind: "owned"; readonly by: Exclude<DepartmentOwner, "hand"> };

/**
 * Only hand-made ones: the next sync would bring any other one back. Whoever was assigned to it is not any more;
 * their history keeps its name.
 */
export function deleteDepartment(context: DirectoryContext, id: string): Promise<DeleteOutcome> {
  const { departments } = context;
  return retryStale<DeleteOutcome>(context, async () => {
    const department = await departments.byId(id);
    if (!department) return { kind: "unknown" };
    const owner = ownerOf(department);
    if (owner !== "hand") return { kind: "owned", by: owner };
    const outcome = await departments.remove(
      id,
      changeBy(context, {
        operation: "delete",
        resourceType: "Department",
        resourceId: id,
        status: 204,
        diff: [{ attribute: "name", before: department.name }],
      }),
    );
    return outcome.kind === "removed" ? { kind: "deleted" } : STALE;
  });
}
