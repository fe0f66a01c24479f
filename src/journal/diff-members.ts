import type { AttributeChange } from "./change.ts";

/** Enough to follow a change by hand; a sync of a large group is told by its numbers. */
const MAX_IDS = 100;

/** Who joined and who left, by id; beyond 100 of either, only how many. */
export function diffMembers(
  added: readonly string[],
  removed: readonly string[],
): AttributeChange[] {
  if (added.length === 0 && removed.length === 0) return [];
  const tell = (ids: readonly string[]) =>
    ids.length <= MAX_IDS ? { ids: [...ids] } : { count: ids.length };
  return [
    {
      attribute: "members",
      ...(removed.length > 0 && { before: tell(removed) }),
      ...(added.length > 0 && { after: tell(added) }),
    },
  ];
}
