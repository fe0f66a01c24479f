import { applyPatch } from "../../scim/patch/apply.ts";
import {
  choosesAmongMembers,
  splitMembership,
  type MembershipDelta,
} from "../../scim/patch/membership.ts";
import type { PatchOperation } from "../../scim/patch/operation.ts";
import type { ResourceType } from "../../scim/schema/attribute.ts";
import { changeGroup } from "./change-group.ts";
import { changeMembership } from "./change-membership.ts";
import type { Precondition } from "../people/change-user.ts";
import type { MemberTarget } from "./compare-members.ts";
import type { DirectoryContext } from "../context.ts";
import type { Member } from "../ports.ts";

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
  const touchesMembers = cleared || added.length > 0 || removed.length > 0;
  await changeGroup(context, id, {
    verb: "patch",
    precondition: condition.precondition,
    reason: patch.ignored.length > 0 ? `Ignored: ${patch.ignored.join(", ")}.` : undefined,
    members: chooses
      ? (present) => targetAmong(present, patch.operations)
      : touchesMembers
        ? targetOf(membership)
        : undefined,
    compute: (document) => applyPatch(document, rest, patch.type),
  });
}

const targetOf = ({ cleared, added, removed }: MembershipDelta): MemberTarget =>
  cleared ? { kind: "exactly", ids: added } : { kind: "delta", added, removed };

/** Whom the operations leave a group with, where they choose among those who are there. */
function targetAmong(
  present: readonly Member[],
  operations: readonly PatchOperation[],
): MemberTarget {
  const elements = present.map(({ id, type }) => ({ value: id, type }));
  return targetOf(splitMembership(operations, elements).membership);
}
