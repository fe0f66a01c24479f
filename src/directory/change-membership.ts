import { diffMembers } from "../journal/diff-members.ts";
import { notFound } from "../scim/error.ts";
import { changeBy, visibleTo, type DirectoryContext } from "./context.ts";
import { refuseWithoutGroups } from "./group-draft.ts";
import { resolveMembers } from "./resolve-members.ts";

/**
 * Lets people join and leave a group by the rows that are named and no others, at the same cost in a group of
 * ten and of 100,000. Needs no version guard: the writes are sets, and two of them at once both count. Who is
 * a member already, or is none, stays as they are; when nothing is left to do, nothing is written.
 */
export async function changeMembership(
  context: DirectoryContext,
  id: string,
  delta: { readonly added: readonly string[]; readonly removed: readonly string[] },
): Promise<void> {
  const { store, settings } = context;
  refuseWithoutGroups(settings);
  const named = [...delta.added, ...delta.removed];
  const view = await store.membership(id, named, visibleTo(context));
  if (!view) throw notFound("Group");
  const added = resolveMembers(delta.added, view.known, settings).filter(
    (member) => !view.present.has(member.id),
  );
  const removed = delta.removed.filter((member) => view.present.has(member));
  if (added.length === 0 && removed.length === 0) return;
  await store.commit({
    guards: [],
    writes: [{ kind: "change-members", groupId: id, added, removed }],
    change: changeBy(context, {
      operation: "patch",
      resourceType: "Group",
      resourceId: id,
      status: 204,
      diff: diffMembers(
        added.map((member) => member.id),
        removed,
      ),
    }),
    record: { kind: "when-changed", groupId: id },
  });
}
