import { notFound } from "../../scim/error.ts";
import { changeBy, type DirectoryContext } from "../context.ts";
import { keyWrites, typeNamed } from "../key-writes.ts";
import type { Write } from "../ports.ts";
import { retryStale, STALE } from "../retry-stale.ts";
import { forgetRefusals } from "./forget-refusals.ts";
import { handOutcome, type HandOutcome } from "./hand-outcome.ts";
import { userKeys } from "./user-keys.ts";

/**
 * Leaves nothing personal of somebody who is here or was soft-deleted, also not of those whom they followed
 * under the same userName: that is one human who came and went. That something was erased stays in the journal.
 *
 * What the identity provider says of other people is left alone, also where it names this one (their manager's
 * display name): the next sync would bring it back.
 */
export function eraseUser(context: DirectoryContext, id: string): Promise<HandOutcome<undefined>> {
  const { people, store } = context;
  return handOutcome(() =>
    retryStale(context, async () => {
      const found = await people.one(id);
      if (!found) throw notFound("User");
      const earlier = await people.formerOf(
        found.kind === "present"
          ? { id: found.user.predecessorId, userNameKey: found.user.keys.userNameKey }
          : { id, userNameKey: found.person.userNameKey },
      );
      const present: Write[] =
        found.kind === "present"
          ? [
              { kind: "delete-user", user: found.user, keep: undefined },
              ...keyWrites(typeNamed(context, "User"), id, found.user.document, undefined),
            ]
          : [];
      const refusals = await forgetRefusals(context, [
        ...(found.kind === "present" ? [found.user] : []),
        ...earlier.map((person) => ({
          id: person.id,
          keys: userKeys(person.document, context.settings),
        })),
      ]);
      const ids = [...new Set([id, ...earlier.map((person) => person.id)])];
      const outcome = await store.commit({
        writes: [
          ...present,
          ...earlier.map((person) => ({ kind: "erase-former", id: person.id }) as const),
          refusals,
          ...ids.map((userId) => ({ kind: "withdraw-invitation", userId, forget: true }) as const),
        ],
        change: changeBy(context, {
          operation: "delete",
          resourceType: "User",
          resourceId: id,
          status: 204,
          diff: [],
          reason: "Erased by an administrator.",
        }),
      });
      return outcome.kind === "committed" ? undefined : STALE;
    }),
  );
}
