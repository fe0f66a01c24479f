import type { Change } from "../../journal/change.ts";
import { conflict, notFound } from "../../scim/error.ts";
import { clash } from "../clash-error.ts";
import { changeBy, laterOf, type DirectoryContext } from "../context.ts";
import { keyWrites, typeNamed } from "../key-writes.ts";
import type { UserDraft, UserRecord } from "../ports.ts";
import { retryStale, STALE } from "../retry-stale.ts";
import { departmentWrites, draftOf, nextKeys } from "./user-draft.ts";
import { handOutcome, type HandOutcome } from "./hand-outcome.ts";
import { mayByHand, provenanceOf } from "./may-by-hand.ts";
import { toldDiff } from "../told-diff.ts";

const BY_HAND = "admin";

/** Puts somebody who was enrolled by hand into the identity provider's hands, as they are. */
export const adoptByHand = (
  context: DirectoryContext,
  id: string,
): Promise<HandOutcome<UserRecord>> =>
  changeProvenance(context, id, "adopt", async (user) => ({
    ...draftOf(user),
    origin: "scim",
    adoptedAt: context.at,
    adoptedBy: BY_HAND,
    adoptedFrom: user.document,
  }));

/**
 * Undoes an adoption: the person is as they were before it, under the same id, and keeps their history and their
 * groups. Whoever an administrator has deactivated since stays so. Conflict when somebody else has the userName
 * or email of then.
 */
export const undoAdoption = (
  context: DirectoryContext,
  id: string,
): Promise<HandOutcome<UserRecord>> =>
  changeProvenance(context, id, "unadopt", async (user) => {
    const before = draftOf(user);
    // Those whom an earlier version adopted have nothing to go back to.
    const kept = (await context.people.adoptedFrom(id)) ?? user.document;
    const document = user.deactivatedByHand ? { ...kept, active: false } : kept;
    const keys = nextKeys(before, document, context.settings);
    return {
      ...before,
      document,
      keys,
      origin: "manual",
      adoptedAt: null,
      adoptedBy: null,
      adoptedFrom: null,
      // Of people enrolled by hand nobody else decides it.
      deactivatedByHand: !keys.active,
    };
  });

/** Products follow the journal to give access and take it away. */
function activation(context: DirectoryContext, before: UserDraft, after: UserDraft): Change[] {
  const { active } = after.keys;
  if (before.keys.active === active) return [];
  const diff = [{ attribute: "active", before: before.keys.active, after: active }];
  const operation = active ? "activate" : "deactivate";
  return [
    changeBy(context, { operation, resourceType: "User", resourceId: after.id, status: 200, diff }),
  ];
}

const REFUSALS = {
  "managed-already": "The identity provider manages this person already.",
  "never-adopted":
    "This person was not adopted: there is no adoption to undo. Only people who were enrolled by hand can be.",
  "owned-by-provider": "The identity provider manages this person.",
} as const;

function changeProvenance(
  context: DirectoryContext,
  id: string,
  act: "adopt" | "unadopt",
  next: (user: UserRecord) => Promise<UserDraft>,
): Promise<HandOutcome<UserRecord>> {
  const attempt = async (): Promise<UserRecord | typeof STALE> => {
    const user = await context.store.user(id, { groups: true });
    if (!user) throw notFound("User");
    const verdict = mayByHand(provenanceOf(user), act);
    if (verdict !== "allowed") throw conflict(REFUSALS[verdict]);
    const before = draftOf(user);
    const after = await next(user);
    const origins = [{ attribute: "origin", before: before.origin, after: after.origin }];
    const outcome = await context.store.commit({
      writes: [
        ...departmentWrites(before.keys, after.keys, () => context.ids.next()),
        { kind: "update-user", version: user.version, before, after },
        ...keyWrites(typeNamed(context, "User"), id, before.document, after.document),
      ],
      change: changeBy(context, {
        operation: act,
        resourceType: "User",
        resourceId: id,
        status: 200,
        diff: [
          ...origins,
          ...toldDiff(typeNamed(context, "User"), before.document, after.document),
        ],
      }),
      further: activation(context, before, after),
      show: id,
    });
    if (outcome.kind === "duplicate") throw clash(outcome.attribute);
    if (outcome.kind !== "committed") return STALE;
    if (outcome.shown) return outcome.shown;
    const { adoptedFrom: _, ...stored } = after;
    return {
      ...user,
      ...stored,
      email: after.keys.email,
      active: after.keys.active,
      version: user.version + 1,
      updatedAt: laterOf(user.updatedAt, context.at),
    };
  };
  return handOutcome(() => retryStale(context, attempt));
}
