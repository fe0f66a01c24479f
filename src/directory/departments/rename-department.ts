import { foldText } from "../../scim/fold.ts";
import { changeBy, type DirectoryContext } from "../context.ts";
import { retryStale, STALE } from "../retry-stale.ts";
import { ownerOf, type DepartmentOwner } from "./owner-of.ts";
import type { DepartmentRecord } from "./ports.ts";

export type RenameOutcome =
  | { readonly kind: "renamed"; readonly department: DepartmentRecord }
  | { readonly kind: "unknown" }
  | { readonly kind: "duplicate" }
  | { readonly kind: "owned"; readonly by: Exclude<DepartmentOwner, "hand"> };

/** Only hand-made ones: the next sync would take any other name back. The name that it has writes nothing. */
export function renameDepartment(
  context: DirectoryContext,
  id: string,
  name: string,
): Promise<RenameOutcome> {
  const { departments } = context;
  return retryStale<RenameOutcome>(context, async () => {
    const department = await departments.byId(id);
    if (!department) return { kind: "unknown" };
    const owner = ownerOf(department);
    if (owner !== "hand") return { kind: "owned", by: owner };
    if (department.name === name) return { kind: "renamed", department };
    const nameKey = foldText(name);
    const outcome = await departments.rename(
      { id, from: department.name, name, nameKey },
      changeBy(context, {
        operation: "rename",
        resourceType: "Department",
        resourceId: id,
        status: 200,
        diff: [{ attribute: "name", before: department.name, after: name }],
      }),
    );
    switch (outcome.kind) {
      case "renamed":
        return { kind: "renamed", department: { ...department, name, nameKey } };
      case "duplicate":
        return outcome;
      case "stale":
        return STALE;
    }
  });
}
