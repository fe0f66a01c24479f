import { notFound } from "../../scim/error.ts";
import type { DirectoryContext } from "../context.ts";
import type { GroupRecord, ResourcePage, ResourceQuery } from "../ports.ts";
import { retryStale } from "../retry-stale.ts";

/** One group. 404 when there is none, and where the tenant has no groups. */
export async function readGroup(
  context: DirectoryContext,
  id: string,
  options: { members: boolean },
): Promise<GroupRecord> {
  const group =
    context.settings.groups === "off" ? undefined : await context.store.group(id, options);
  if (!group) throw notFound("Group");
  return group;
}

/**
 * A page of groups. Empty where the tenant has none: IdPs probe the list when they test the connection. The groups
 * are read before their first members; when one changes in between, both are read again.
 */
export function listGroups(
  context: DirectoryContext,
  query: Omit<ResourceQuery, "visible">,
): Promise<ResourcePage<GroupRecord>> {
  if (context.settings.groups === "off") return Promise.resolve({ total: 0, items: [] });
  return retryStale(context, () => context.store.groups({ ...query, visible: "all" }));
}
