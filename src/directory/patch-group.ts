import { applyPatch } from "../scim/patch/apply.ts";
import { splitMembership } from "../scim/patch/membership.ts";
import type { PatchOperation } from "../scim/patch/operation.ts";
import type { ResourceType } from "../scim/schema/attribute.ts";
import { changeGroup } from "./change-group.ts";
import { changeMembership } from "./change-membership.ts";
import type { Precondition } from "./change-user.ts";
import type { DirectoryContext } from "./context.ts";

/**
 * Applies the operations in order, all or none. Members are a delta from the start, never an array: joins and
 * leaves alone, without `If-Match`, touch only the rows they name. A path-less replace without members, which
 * Okta sends with every rename, leaves the membership as it is.
 */
export async function patchGroup(
  context: DirectoryContext,
  id: string,
  patch: {
    readonly operations: readonly PatchOperation[];
    readonly ignored: readonly string[];
    readonly type: ResourceType;
  },
  condition: { readonly precondition: Precondition; readonly conditional: boolean },
): Promise<void> {
  const { membership, rest } = splitMembership(patch.operations);
  const { cleared, added, removed } = membership;
  if (rest.length === 0 && !cleared && !condition.conditional) {
    await changeMembership(context, id, { added, removed });
    return;
  }
  const joins = new Set(added);
  const leaves = new Set(removed);
  const touchesMembers = cleared || added.length > 0 || removed.length > 0;
  await changeGroup(context, id, {
    verb: "patch",
    precondition: condition.precondition,
    reason: patch.ignored.length > 0 ? `Ignored: ${patch.ignored.join(", ")}.` : undefined,
    members: touchesMembers
      ? {
          named: added,
          keeps: (member) => joins.has(member) || (!cleared && !leaves.has(member)),
        }
      : undefined,
    compute: (document) => applyPatch(document, rest, patch.type),
  });
}
