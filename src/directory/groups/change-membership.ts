import { notFound } from "../../scim/error.ts";
import { changeBy, visibleTo, type DirectoryContext } from "../context.ts";
import { refuseWithoutGroups } from "./group-draft.ts";
import { outOfReach } from "./out-of-reach.ts";
import { membersUnknown } from "./resolve-members.ts";

/**
 * Lets people join and leave a group by the rows that are named and no others, in one round trip and at the
 * same cost in a group of ten and of 100,000. Needs no version: the writes are sets, and two of them at once
 * both count. Who is a member already, or is none, stays as they are.
 */
export async function changeMembership(
  context: DirectoryContext,
  id: string,
  delta: { readonly added: readonly string[]; readonly removed: readonly string[] },
): Promise<void> {
  const { store, settings } = context;
  refuseWithoutGroups(settings);
  const hidden = await outOfReach(context);
  if (settings.unknownMembers === "reject" && delta.added.some((member) => hidden.has(member))) {
    throw membersUnknown();
  }
  const { diff: _ofStorage, ...change } = changeBy(context, {
    operation: "patch",
    resourceType: "Group",
    resourceId: id,
    status: 204,
    diff: [],
  });
  const outcome = await store.joinAndLeave({
    added: delta.added.filter((member) => !hidden.has(member)),
    removed: delta.removed.filter((member) => !hidden.has(member)),
    groupId: id,
    unknown: settings.unknownMembers,
    visible: visibleTo(context),
    change,
  });
  switch (outcome.kind) {
    case "done":
      return;
    case "no-group":
      throw notFound("Group");
    case "unknown-members":
      throw membersUnknown();
  }
}
