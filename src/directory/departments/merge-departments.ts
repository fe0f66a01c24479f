import { changeBy, type DirectoryContext } from "../context.ts";
import { readBack } from "../read-back.ts";
import { retryStale, STALE } from "../retry-stale.ts";
import type { DepartmentRecord } from "./ports.ts";

export type MergeOutcome =
  | { readonly kind: "merged"; readonly department: DepartmentRecord }
  | { readonly kind: "unknown" }
  /** There is none to merge into, or it is the same. */
  | { readonly kind: "unknown-target" };

/**
 * Everybody of one department belongs to another from now on, whatever links them to it: its groups feed the other
 * one, and people whose attribute names it stay there as long as the attribute says the same. The id and the
 * history of `into` are kept; the merged one is gone, but for its name in people's history.
 */
export function mergeDepartments(
  context: DirectoryContext,
  id: string,
  into: string,
): Promise<MergeOutcome> {
  const { departments } = context;
  return retryStale<MergeOutcome>(context, async () => {
    const merged = await departments.byId(id);
    if (!merged) return { kind: "unknown" };
    const target = into === id ? undefined : await departments.byId(into);
    if (!target) return { kind: "unknown-target" };
    const outcome = await departments.merge(
      id,
      into,
      changeBy(context, {
        operation: "merge",
        resourceType: "Department",
        resourceId: id,
        status: 200,
        diff: [
          { attribute: "name", before: merged.name, after: target.name },
          { attribute: "id", before: id, after: into },
        ],
      }),
    );
    if (outcome.kind === "stale") return STALE;
    const { department = await readBack(() => departments.byId(into)) } = outcome;
    return { kind: "merged", department };
  });
}
