import type { Member, MemberPages } from "../ports.ts";

/** The pages of a group's members, one after the other. To be walked once. */
export async function* everyPage({ inHand, rest }: MemberPages): AsyncGenerator<readonly Member[]> {
  yield inHand;
  if (rest) yield* rest;
}
