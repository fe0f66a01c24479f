import fc, { type Arbitrary } from "fast-check";

import { index } from "./arbitraries.ts";
import { at } from "./at.ts";
import type { Directory, Group } from "./directory.ts";
import type { Member } from "./group-changes.ts";

const NOBODY = "01a2021b-0000-7000-8000-000000000000";

/** Whom a request names: somebody, a group, or nobody whom the server knows. */
export interface Named {
  readonly kind: "person" | "group" | "nobody";
  readonly which: number;
}

export const named: Arbitrary<Named> = fc.record({
  kind: fc.constantFrom("person", "person", "person", "person", "group", "nobody"),
  which: index,
});
export const members = fc.array(named, { maxLength: 4 });
export interface Resolved {
  readonly id: string;
  readonly member: Member | undefined;
}

/** No group is a member of itself. */
export function resolve(directory: Directory, who: readonly Named[], self?: Group): Resolved[] {
  return who.map(({ kind, which }) => {
    const crowd: readonly Member[] =
      kind === "person" ? directory.people : kind === "group" ? directory.groups : [];
    const member = crowd.length === 0 ? undefined : at(crowd, which);
    return member === undefined || member === self
      ? { id: directory.gone[which]?.path.split("/").at(-1) ?? NOBODY, member: undefined }
      : { id: member.id, member };
  });
}

export const known = (resolved: readonly Resolved[]): Member[] =>
  resolved.flatMap(({ member }) => (member === undefined ? [] : [member]));
