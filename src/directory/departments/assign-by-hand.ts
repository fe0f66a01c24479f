import type { Operation } from "../../journal/change.ts";
import { changeBy, type DirectoryContext } from "../context.ts";
import type { AssignmentCounts, ChangeWithoutDiff } from "./ports.ts";

export type AssignOutcome =
  | { readonly kind: "assigned"; readonly counts: AssignmentCounts }
  | { readonly kind: "unknown" };

/**
 * Assigns people to a department by hand, and takes back such assignments, in one transaction: at most 10,000 each.
 * Also people whom SCIM manages, and also to a department that a group or an attribute feeds; what the sync says
 * of them is not touched, so that taking an assignment back leaves them where the sync has them. Nobody is in both
 * lists; an id that is named twice counts once.
 */
export async function assignByHand(
  context: DirectoryContext,
  id: string,
  people: { readonly add: readonly string[]; readonly remove: readonly string[] },
): Promise<AssignOutcome> {
  const rowFor = (operation: Operation): ChangeWithoutDiff => {
    const { diff: _ofStorage, ...change } = changeBy(context, {
      operation,
      resourceType: "Department",
      resourceId: id,
      status: 200,
      diff: [],
    });
    return change;
  };
  const distinct = { add: [...new Set(people.add)], remove: [...new Set(people.remove)] };
  const outcome = await context.departments.assign(id, distinct, {
    assign: rowFor("assign"),
    unassign: rowFor("unassign"),
  });
  return outcome;
}
