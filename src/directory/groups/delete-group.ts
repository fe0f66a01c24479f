import { notFound } from "../../scim/error.ts";
import { requireVersion, type Precondition } from "../people/change-user.ts";
import { changeBy, type DirectoryContext } from "../context.ts";
import { refuseWithoutGroups } from "./group-draft.ts";
import { keyWrites, typeNamed } from "../key-writes.ts";
import { retryStale, STALE } from "../retry-stale.ts";

/**
 * Removes a group and its memberships; the people stay. Its department stays too, until reconciliation finds
 * that nothing refers to it any more: a group that is deleted and pushed again keeps its department's history.
 */
export function deleteGroup(
  context: DirectoryContext,
  id: string,
  precondition: Precondition,
): Promise<void> {
  const { store, settings } = context;
  refuseWithoutGroups(settings);
  return retryStale(context, async () => {
    const group = await store.group(id, { members: false });
    if (!group) throw notFound("Group");
    requireVersion(precondition, group.version);
    const outcome = await store.commit({
      writes: [
        { kind: "delete-group", group },
        ...keyWrites(typeNamed(context, "Group"), id, group.document, undefined),
      ],
      change: changeBy(context, {
        operation: "delete",
        resourceType: "Group",
        resourceId: id,
        status: 204,
        diff: diffOfName(group.document),
      }),
    });
    return outcome.kind === "committed" ? undefined : STALE;
  });
}

const diffOfName = (document: { readonly [name: string]: unknown }) => [
  { attribute: "displayName", before: document["displayName"] },
];
