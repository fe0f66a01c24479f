import { diffMembers } from "../../journal/diff-members.ts";
import type { JsonObject } from "../../scim/json.ts";
import { clash } from "../clash-error.ts";
import { changeBy, type DirectoryContext } from "../context.ts";
import { findMembers } from "./find-members.ts";
import { departmentOf, groupDraft, refuseWithoutGroups } from "./group-draft.ts";
import { keyWrites, typeNamed } from "../key-writes.ts";
import { outOfReach } from "./out-of-reach.ts";
import { pagesInHand } from "./pages-in-hand.ts";
import type { DepartmentDraft, GroupDraft, GroupRecord, Write } from "../ports.ts";
import { requireSize } from "../require-size.ts";
import { retryStale, STALE } from "../retry-stale.ts";
import { toldDiff } from "../told-diff.ts";

function departmentWritesOf(
  { externalId }: GroupDraft,
  department: DepartmentDraft | null,
): Write[] {
  if (!department) return [];
  return [
    ...(externalId === null
      ? []
      : [{ kind: "resume-department", externalId, department } as const]),
    { kind: "ensure-department", department },
  ];
}

/** Creates a group, its department and its memberships together. Throws 409 when the name is taken. */
export function createGroup(
  context: DirectoryContext,
  document: JsonObject,
  memberIds: readonly string[],
): Promise<GroupRecord> {
  const { store, settings } = context;
  refuseWithoutGroups(settings);
  const group = groupDraft(context.ids.next(), requireSize(document));
  const department = departmentOf(group.displayName, settings, () => context.ids.next());

  return retryStale(context, async () => {
    const members = await findMembers(context, memberIds, await outOfReach(context));
    const change = changeBy(context, {
      operation: "create",
      resourceType: "Group",
      resourceId: group.id,
      status: 201,
      diff: [
        ...toldDiff(typeNamed(context, "Group"), {}, document),
        ...diffMembers(
          members.map(({ id }) => id),
          [],
        ),
      ],
    });
    const outcome = await store.commit({
      writes: [
        ...departmentWritesOf(group, department),
        { kind: "insert-group", group, department },
        ...keyWrites(typeNamed(context, "Group"), group.id, undefined, document),
        ...(members.length > 0
          ? [
              {
                kind: "change-members",
                groupId: group.id,
                added: members,
                removed: [],
              } as const,
            ]
          : []),
      ],
      change,
    });
    switch (outcome.kind) {
      case "committed":
        return {
          id: group.id,
          document,
          departmentId: null,
          version: 1,
          createdAt: change.at,
          updatedAt: change.at,
          members: pagesInHand(new Map(members.map(({ id, type }) => [id, type]))),
        };
      case "duplicate":
        throw clash(outcome.attribute);
      case "matched":
      case "mass-deactivation":
      case "stale":
        return STALE;
    }
  });
}
