import { applyPatch } from "../scim/patch/apply.ts";
import { choosesAmongMembers, splitMembership } from "../scim/patch/membership.ts";
import type { PatchOperation } from "../scim/patch/operation.ts";
import type { ResourceType } from "../scim/schema/attribute.ts";
import { changeGroup, type MemberTarget } from "./change-group.ts";
import { changeMembership } from "./change-membership.ts";
import type { Precondition } from "./change-user.ts";
import type { DirectoryContext } from "./context.ts";
import type { Member } from "./ports.ts";

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
  const chooses = choosesAmongMembers(patch.operations);
  if (rest.length === 0 && !cleared && !chooses && !condition.conditional) {
    await changeMembership(context, id, { added, removed });
    return;
  }
  const touchesMembers = cleared || added.length > 0 || removed.length > 0 || chooses;
  await changeGroup(context, id, {
    verb: "patch",
    precondition: condition.precondition,
    reason: patch.ignored.length > 0 ? `Ignored: ${patch.ignored.join(", ")}.` : undefined,
    members: touchesMembers ? (present) => targetOf(patch.operations, present) : undefined,
    compute: (document) => applyPatch(document, rest, patch.type),
  });
}

/** Which members the operations leave a group with, given those it has. */
function targetOf(operations: readonly PatchOperation[], present: readonly Member[]): MemberTarget {
  const elements = present.map(({ id, type }) => ({ value: id, type }));
  const { cleared, added, removed } = splitMembership(operations, elements).membership;
  const joins = new Set(added);
  const leaves = new Set(removed);
  return {
    named: added,
    keeps: (member) => joins.has(member) || (!cleared && !leaves.has(member)),
  };
}
