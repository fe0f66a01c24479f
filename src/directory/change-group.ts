import { diffDocuments } from "../journal/diff-documents.ts";
import { diffMembers } from "../journal/diff-members.ts";
import { notFound } from "../scim/error.ts";
import { foldText } from "../scim/fold.ts";
import type { JsonObject } from "../scim/json.ts";
import { sameDocument } from "../scim/value/same-document.ts";
import { clash } from "./clash-error.ts";
import { requireVersion, type Precondition } from "./change-user.ts";
import { changeBy, laterOf, visibleTo, type DirectoryContext } from "./context.ts";
import { departmentOf, draftOfGroup, groupDraft, refuseWithoutGroups } from "./group-draft.ts";
import { keyWrites, typeNamed } from "./key-writes.ts";
import type { DepartmentDraft, GroupRecord, Member, Write } from "./ports.ts";
import { resolveMembers } from "./resolve-members.ts";
import { requireSize } from "./require-size.ts";
import { retryStale, STALE } from "./retry-stale.ts";

/** Which members a request leaves a group with, given those it has. */
export interface MemberTarget {
  /** Ids whose existence has to be known. */
  readonly named: readonly string[];
  keeps(id: string): boolean;
}

function renameWrites(group: GroupRecord, department: DepartmentDraft | null): Write[] {
  if (!department) return [];
  const rename: Write[] =
    group.departmentId !== null
      ? [{ ...department, kind: "rename-department", id: group.departmentId }]
      : [];
  // After a rename the name exists, and this changes nothing; when another department has it, that one serves.
  return [...rename, { kind: "ensure-department", department }];
}

/** In the order of their ids, as storage gives them. */
function membersAfter(
  present: readonly Member[],
  removed: ReadonlySet<string>,
  added: readonly Member[],
): Member[] {
  const stayed = present.filter((member) => !removed.has(member.id));
  return added.length === 0
    ? stayed
    : [...stayed, ...added].toSorted((a, b) => (a.id < b.id ? -1 : 1));
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
    /** Undefined: the members are not read, and stay. */
    readonly members: ((present: readonly Member[]) => MemberTarget) | undefined;
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
    const present: readonly Member[] = group.members ?? [];
    const presentIds = new Set(present.map((member) => member.id));
    const target = request.members?.(present);
    const missing = target?.named.filter((name) => !presentIds.has(name)) ?? [];
    const added = resolveMembers(missing, await store.known(missing, visibleTo(context)), settings);
    const removed = target
      ? present.flatMap((member) => (target.keeps(member.id) ? [] : [member.id]))
      : [];
    const sameAttributes = sameDocument(document, group.document);
    if (sameAttributes && added.length === 0 && removed.length === 0) return group;

    const before = draftOfGroup(group);
    const after = groupDraft(id, document);
    const renamed = foldText(before.displayName) !== foldText(after.displayName);
    const department = departmentOf(after.displayName, settings, () => context.ids.next());
    const relink = before.displayName !== after.displayName;
    const change = changeBy(context, {
      operation: renamed ? "rename" : request.verb,
      resourceType: "Group",
      resourceId: id,
      status: 200,
      diff: [
        ...diffDocuments(group.document, document),
        ...diffMembers(
          added.map((member) => member.id),
          removed,
        ),
      ],
      ...(request.reason !== undefined && { reason: request.reason }),
    });
    const outcome = await store.commit({
      guards: [{ kind: "version", resourceType: "Group", id, version: group.version }],
      writes: [
        ...(sameAttributes
          ? []
          : [
              ...(relink ? renameWrites(group, department) : []),
              {
                kind: "update-group",
                before,
                after,
                department: relink ? department : undefined,
              } as const,
            ]),
        ...keyWrites(typeNamed(context, "Group"), id, group.document, document),
        ...(added.length > 0 || removed.length > 0
          ? [{ kind: "change-members", groupId: id, added, removed } as const]
          : []),
      ],
      change,
      record: "always",
    });
    switch (outcome.kind) {
      case "committed":
        return {
          ...group,
          document,
          version: group.version + 1,
          updatedAt: laterOf(group.updatedAt, context.at),
          members: target && membersAfter(present, new Set(removed), added),
        };
      case "duplicate":
        throw clash(outcome.attribute);
      case "matched":
      case "stale":
        return STALE;
    }
  });
}
