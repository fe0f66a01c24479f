import type { Member, ResourceTypeName } from "../ports.ts";

/** What a request makes of the members of a group; the ids are distinct. */
export type MemberTarget =
  /** These and no others. */
  | { readonly kind: "exactly"; readonly ids: readonly string[] }
  /** Those who are there, with some more and some fewer; nobody is in both. */
  | {
      readonly kind: "delta";
      readonly added: readonly string[];
      readonly removed: readonly string[];
    };

export interface MemberDifference {
  /** Whom the request wants as members; the type of those who are members already. */
  readonly wanted: Map<string, ResourceTypeName | undefined>;
  /** The ids among them that are no members yet. Whether they name anybody is not known. */
  readonly missing: string[];
  /** Who is a member and has to leave. */
  readonly removed: string[];
}

/**
 * Compares page by page: however large the group, only the ids that the request itself brought are held, and
 * those of who leaves.
 */
export async function compareMembers(
  present: AsyncIterable<readonly Member[]> | Iterable<readonly Member[]>,
  target: MemberTarget,
): Promise<MemberDifference> {
  const isWhole = target.kind === "exactly";
  const wanted = new Map<string, ResourceTypeName | undefined>();
  for (const id of isWhole ? target.ids : target.added) wanted.set(id, undefined);
  const leaving = new Set(isWhole ? [] : target.removed);
  const removed: string[] = [];
  for await (const page of present) {
    for (const { id, type } of page) {
      if (wanted.has(id)) wanted.set(id, type);
      else if (isWhole || leaving.has(id)) removed.push(id);
    }
  }
  const missing = [...wanted.keys()].filter((id) => wanted.get(id) === undefined);
  return { wanted, missing, removed };
}
