import { notFound, preconditionFailed } from "../../scim/error.ts";
import type { JsonObject } from "../../scim/json.ts";
import { sameDocument } from "../../scim/value/same-document.ts";
import { clash } from "../clash-error.ts";
import { laterOf, visibleTo, type DirectoryContext } from "../context.ts";
import { deactivationGuard } from "../deactivations/deactivation-guard.ts";
import { stopDeactivations } from "../deactivations/stop-deactivations.ts";
import { withdrawInvitation } from "../invitations/withdraw-invitation.ts";
import { lifecycleChanges } from "../lifecycle/lifecycle-changes.ts";
import { keyWrites, typeNamed } from "../key-writes.ts";
import type { UserDraft, UserRecord } from "../ports.ts";
import { requireSize } from "../require-size.ts";
import { retryStale, STALE } from "../retry-stale.ts";
import { departmentWrites, draftOf, nextKeys, refuseExcluded } from "./user-draft.ts";
import { toldDiff } from "../told-diff.ts";

/** What a conditional request asks of the version it meets (RFC 7644 §3.14). */
export type Precondition = (version: number) => boolean;

export const requireVersion = (holds: Precondition, version: number): void => {
  if (!holds(version)) {
    throw preconditionFailed(
      "The resource has changed since the version that If-Match names. Read it again.",
    );
  }
};

/** 404 for somebody enrolled by hand while adoption is off: SCIM does not see them. */
export function requireVisible(
  context: DirectoryContext,
  user: UserRecord | undefined,
): UserRecord {
  const hidden = user?.origin === "manual" && visibleTo(context) === "scim";
  if (!user || hidden) throw notFound("User");
  return user;
}

/**
 * Load → compute → commit of one person. A result equal to what is stored writes nothing. The first change by
 * an IdP of somebody enrolled by hand adopts them. A deactivation keeps every link to groups and departments,
 * because Entra does not send memberships again when a person comes back.
 */
export function changeUser(
  context: DirectoryContext,
  id: string,
  request: {
    readonly verb: "replace" | "patch";
    readonly precondition: Precondition;
    readonly reason?: string | undefined;
    /** The record that is returned has the departments too, where something was written. */
    readonly show?: boolean;
    /** An administrator says that the person is to be inactive: a POST does not revive them. */
    readonly deactivates?: boolean;
    /** May throw a ScimError: then nothing is written. */
    compute(document: JsonObject, user: UserRecord): JsonObject;
  },
): Promise<UserRecord> {
  const { settings, store } = context;
  return retryStale(context, async () => {
    const user = requireVisible(context, await store.user(id, { groups: true }));
    requireVersion(request.precondition, user.version);
    const before = draftOf(user);
    const byProvider = context.actor.kind === "token";
    if (byProvider) refuseExcluded(before.keys, settings);
    const document = requireSize(request.compute(user.document, user));
    const adopting = before.origin === "manual" && byProvider;
    const marking = request.deactivates === true && !user.deactivatedByHand;
    if (!adopting && !marking && sameDocument(document, user.document)) return user;

    const keys = nextKeys(before, document, settings);
    const after: UserDraft = {
      ...before,
      document,
      keys,
      ...(adopting && {
        origin: "scim",
        adoptedAt: context.at,
        adoptedBy: "id",
        adoptedFrom: user.document,
      }),
      deactivatedByHand: !keys.active && (marking || user.deactivatedByHand),
    };
    if (byProvider) refuseExcluded(after.keys, settings);
    const leaves = before.keys.active && !keys.active;
    const outcome = await store.commit({
      guards: deactivationGuard(context, {
        userId: id,
        createdAt: user.createdAt,
        wasActive: before.keys.active,
        becomes: keys.active ? "active" : "inactive",
      }),
      writes: [
        ...departmentWrites(before.keys, after.keys, () => context.ids.next()),
        { kind: "update-user", version: user.version, before, after },
        ...keyWrites(typeNamed(context, "User"), id, user.document, document),
        ...(leaves ? withdrawInvitation(settings, id, "inactive") : []),
      ],
      ...lifecycleChanges(context, {
        transition: {
          verb: request.verb,
          adopts: adopting,
          wasActive: before.keys.active,
          isActive: keys.active,
        },
        resourceId: id,
        status: 200,
        diff: toldDiff(typeNamed(context, "User"), user.document, document),
        reason: request.reason,
      }),
      ...(request.show === true && { show: id }),
    });
    switch (outcome.kind) {
      case "committed":
        return (
          outcome.shown ?? {
            ...user,
            document,
            keys,
            email: keys.email,
            active: keys.active,
            origin: after.origin,
            adoptedAt: after.adoptedAt,
            adoptedBy: after.adoptedBy,
            deactivatedByHand: after.deactivatedByHand,
            version: user.version + 1,
            updatedAt: laterOf(user.updatedAt, context.at),
          }
        );
      case "duplicate":
        throw clash(outcome.attribute);
      case "mass-deactivation":
        return stopDeactivations(context);
      case "matched":
      case "stale":
        return STALE;
    }
  });
}
