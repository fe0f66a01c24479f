import { visibleTo, type DirectoryContext } from "../context.ts";
import type { Member } from "../ports.ts";
import { resolveMembers } from "./resolve-members.ts";

/** A PUT may name 100,000 ids that are no members yet: what is known of them is in hand a portion at a time. */
const IDS_PER_LOOK_UP = 10_000;

/** `resolveMembers` for any number of distinct ids; who is among `hidden` is not here. */
export async function findMembers(
  context: DirectoryContext,
  ids: readonly string[],
  hidden: ReadonlySet<string>,
): Promise<Member[]> {
  const members: Member[] = [];
  for (let start = 0; start < ids.length; start += IDS_PER_LOOK_UP) {
    const portion = ids.slice(start, start + IDS_PER_LOOK_UP);
    const found = await context.store.known(portion, visibleTo(context));
    const known = new Map([...found].filter(([id]) => !hidden.has(id)));
    members.push(...resolveMembers(portion, known, context.settings));
  }
  return members;
}
