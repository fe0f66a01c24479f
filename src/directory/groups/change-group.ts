import { diffMembers } from "../../journal/diff-members.ts";
import { notFound } from "../../scim/error.ts";
import { foldText } from "../../scim/fold.ts";
import type { JsonObject } from "../../scim/json.ts";
import { sameDocument } from "../../scim/value/same-document.ts";
import { clash } from "../clash-error.ts";
import { requireVersion, type Precondition } from "../people/change-user.ts";
import { compareMembers, type MemberDifference, type MemberTarget } from "./compare-members.ts";
import { changeBy, laterOf, type DirectoryContext } from "../context.ts";
import { everyPage } from "./every-page.ts";
import { findMembers } from "./find-members.ts";
import { departmentOf, draftOfGroup, groupDraft, refuseWithoutGroups } from "./group-draft.ts";
import { keyWrites, typeNamed } from "../key-writes.ts";
import { outOfReach } from "./out-of-reach.ts";
import { pagesInHand } from "./pages-in-hand.ts";
import type { GroupRecord, Member, Write } from "../ports.ts";
import { requireSize } from "../require-size.ts";
import { retryStale, STALE } from "../retry-stale.ts";
import { toldDiff } from "../told-diff.ts";

/** Where groups are no departments, a link from before stays as it is: switching on again loses nothing. */
function renameWrites(
  { settings, ids }: DirectoryContext,
  { id: groupId, departmentId }: GroupRecord,
  before: string,
  after: string,
): Write[] {
  if (before === after || settings.groups !== "departments") return [];
  const department = departmentOf(after, settings, () => ids.next());
  if (department) {
    const name = before.trim();
    return [
      {
        kind: "link-department",
        groupId,
        departmentId,
        before: { name, nameKey: foldText(name) },
        department,
        attributeDepartmentId: ids.next(),
      },
    ];
  }
  return departmentId === null ? [] : [{ kind: "unlink-department", groupId }];
}

/** How the members of a group differ from what a request wants. Undefined: it says nothing about them. */
async function differenceFrom(
  { members }: GroupRecord,
  target: MemberTarget | ((present: readonly Member[]) => MemberTarget) | undefined,
): Promise<MemberDifference | undefined> {
  if (!members || !target) return undefined;
  const pages = everyPage(members);
  if (typeof target !== "function") return compareMembers(pages, target);
  const present: Member[] = [];
  for await (const page of pages) present.push(...page);
  return compareMembers([present], target(present));
}

/**
 * Load → compute → commit of a group as a whole: its attributes, and its members where `members` says so. For
 * requests that depend on what is there; joins and leaves alone go through `changeMembership`, which reads
 * only the rows it names. A result equal to what is stored writes nothing.
 */
export function changeGroup(
  context: DirectoryContext,
  id: string,
  request: {
    readonly verb: "replace" | "patch";
    readonly precondition: Precondition;
    readonly reason?: string | undefined;
    /** A function needs all members at once, others go by page. Undefined: they are not read, and stay. */
    readonly members: MemberTarget | ((present: readonly Member[]) => MemberTarget) | undefined;
    compute(document: JsonObject): JsonObject;
  },
): Promise<GroupRecord> {
  const { store, settings } = context;
  refuseWithoutGroups(settings);
  return retryStale(context, async () => {
    const group = await store.group(id, { members: request.members !== undefined });
    if (!group) throw notFound("Group");
    requireVersion(request.precondition, group.version);
    const document = requireSize(request.compute(group.document));
    const difference = await differenceFrom(group, request.members);
    const { wanted, missing = [], removed: leaving = [] } = difference ?? {};
    const changes = missing.length + leaving.length > 0;
    const hidden: ReadonlySet<string> = changes ? await outOfReach(context) : new Set();
    const added = await findMembers(context, missing, hidden);
    const removed = leaving.filter((member) => !hidden.has(member));
    for (const { id: joined, type } of added) wanted?.set(joined, type);
    for (const stays of leaving.filter((member) => hidden.has(member))) wanted?.set(stays, "User");
    // A PATCH is answered without them.
    const members = wanted && request.verb === "replace" ? pagesInHand(wanted) : undefined;
    const sameAttributes = sameDocument(document, group.document);
    if (sameAttributes && added.length === 0 && removed.length === 0) return { ...group, members };

    const before = draftOfGroup(group);
    const after = groupDraft(id, document);
    const renamed = foldText(before.displayName) !== foldText(after.displayName);
    const change = changeBy(context, {
      operation: renamed ? "rename" : request.verb,
      resourceType: "Group",
      resourceId: id,
      status: 200,
      diff: [
        ...toldDiff(typeNamed(context, "Group"), group.document, document),
        ...diffMembers(
          added.map((member) => member.id),
          removed,
        ),
      ],
      ...(request.reason !== undefined && { reason: request.reason }),
    });
    const outcome = await store.commit({
      writes: [
        ...renameWrites(context, group, before.displayName, after.displayName),
        { kind: "update-group", version: group.version, before, after },
        ...keyWrites(typeNamed(context, "Group"), id, group.document, document),
        ...(added.length > 0 || removed.length > 0
          ? [{ kind: "change-members", groupId: id, added, removed } as const]
          : []),
      ],
      change,
    });
    switch (outcome.kind) {
      case "committed":
        return {
          ...group,
          document,
          version: group.version + 1,
          updatedAt: laterOf(group.updatedAt, context.at),
          members,
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
