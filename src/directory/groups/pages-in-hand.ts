import type { Member, MemberPages, ResourceTypeName } from "../ports.ts";

const MEMBERS_PER_PAGE = 5_000;

/**
 * Members whom a write has in hand, as storage would give them: in the order of their ids, page by page. An id
 * without a type is nobody's.
 */
export function pagesInHand(
  members: ReadonlyMap<string, ResourceTypeName | undefined>,
): MemberPages {
  const ids = [...members.keys()].filter((id) => members.get(id) !== undefined).toSorted();
  const pageFrom = (start: number): Member[] =>
    ids.slice(start, start + MEMBERS_PER_PAGE).flatMap((id) => {
      const type = members.get(id);
      return type === undefined ? [] : [{ id, type }];
    });

  async function* rest(): AsyncGenerator<readonly Member[]> {
    for (let start = MEMBERS_PER_PAGE; start < ids.length; start += MEMBERS_PER_PAGE) {
      yield pageFrom(start);
    }
  }

  return { inHand: pageFrom(0), rest: ids.length > MEMBERS_PER_PAGE ? rest() : undefined };
}
