import type { Operation } from "../../journal/change.ts";
import { isJsonObject, type JsonObject } from "../../scim/json.ts";
import { sameDocument } from "../../scim/value/same-document.ts";
import { clash } from "../clash-error.ts";
import { changeBy, laterOf, type DirectoryContext } from "../context.ts";
import { decideMatch, type MatchedBy } from "./decide-match.ts";
import { deactivationGuard } from "../deactivations/deactivation-guard.ts";
import { stopDeactivations } from "../deactivations/stop-deactivations.ts";
import { inviteOnCreate } from "../invitations/invite-on-create.ts";
import { withdrawInvitation } from "../invitations/withdraw-invitation.ts";
import { lifecycleChanges } from "../lifecycle/lifecycle-changes.ts";
import { keyWrites, typeNamed } from "../key-writes.ts";
import { matchError } from "./match-error.ts";
import type { CommitOutcome, Plan, UserDraft, UserRecord } from "../ports.ts";
import { requireSize } from "../require-size.ts";
import { retryStale, STALE } from "../retry-stale.ts";
import { departmentWrites, draftOf, nextKeys, refuseExcluded, withActive } from "./user-draft.ts";
import { userKeys } from "./user-keys.ts";
import { toldDiff } from "../told-diff.ts";

/**
 * Creates a person, or adopts or reactivates the one whom the IdP means (setting `adoption`); the answer is
 * the same 201, because a 409 would strand a person whom the IdP's look-up could not find. One round trip
 * when nobody has the keys.
 *
 * Throws 409 `uniqueness` when a key is taken or several people fit, 403 for an excluded person.
 */
export function createUser(context: DirectoryContext, given: JsonObject): Promise<UserRecord> {
  const { settings, store } = context;
  const document = requireSize(withActive(given, true));
  const draft: UserDraft = {
    id: context.ids.next(),
    document,
    keys: userKeys(document, settings),
    origin: "scim",
    adoptedAt: null,
    adoptedBy: null,
    deactivatedByHand: false,
    predecessorId: null,
  };
  refuseExcluded(draft.keys, settings);
  const guarded = insertPlan(context, draft, settings.adoption === "email");

  return retryStale(context, async () => {
    const outcome = await store.commit(guarded);
    if (outcome.kind === "committed") return createdRecord(context, draft);
    if (outcome.kind === "stale") return STALE;
    if (outcome.kind === "duplicate" && outcome.attribute === "unique") throw clash("unique");
    const people = await store.usersMatching(draft.keys);
    const decision = decideMatch(people, draft.keys, settings);
    switch (decision.kind) {
      case "create": {
        const unguarded = await store.commit(insertPlan(context, draft, false));
        return unguarded.kind === "committed" ? createdRecord(context, draft) : STALE;
      }
      case "taken":
      case "ambiguous":
      case "deactivated-by-hand":
        throw matchError(decision);
      case "adopt":
        return takeOver(
          context,
          decision.person,
          requireSize(merge(decision.person.document, given)),
          {
            operation: "adopt",
            by: decision.by,
          },
        );
      case "reactivate":
        return takeOver(context, decision.person, document, {
          operation: "reactivate",
          by: decision.by,
        });
    }
  });
}

function insertPlan(context: DirectoryContext, draft: UserDraft, guarded: boolean): Plan {
  return {
    ...(guarded && { guards: [{ kind: "nobody-matches", keys: draft.keys } as const] }),
    writes: [
      ...departmentWrites(undefined, draft.keys, () => context.ids.next()),
      { kind: "insert-user", user: draft },
      ...keyWrites(typeNamed(context, "User"), draft.id, undefined, draft.document),
      ...inviteOnCreate(context, {
        id: draft.id,
        origin: draft.origin,
        active: draft.keys.active,
        email: draft.keys.email,
      }),
    ],
    change: changeBy(context, {
      operation: "create",
      resourceType: "User",
      resourceId: draft.id,
      status: 201,
      diff: toldDiff(typeNamed(context, "User"), {}, draft.document),
    }),
  };
}

function createdRecord(context: DirectoryContext, draft: UserDraft): UserRecord {
  const { at } = context;
  return { ...recordOf(draft), version: 1, createdAt: at, updatedAt: at, groups: [] };
}

const recordOf = (draft: UserDraft) => ({
  id: draft.id,
  document: draft.document,
  keys: draft.keys,
  email: draft.keys.email,
  active: draft.keys.active,
  departmentId: null,
  origin: draft.origin,
  adoptedAt: draft.adoptedAt,
  adoptedBy: draft.adoptedBy,
  deactivatedByHand: draft.deactivatedByHand,
  predecessorId: draft.predecessorId,
});

/** What the request does not name stays, parts of the name included: an adopted person keeps what was entered by hand. */
function merge(before: JsonObject, given: JsonObject): JsonObject {
  const merged: JsonObject = { ...before, ...given };
  for (const [name, value] of Object.entries(given)) {
    const old = before[name];
    if (isJsonObject(value) && isJsonObject(old)) merged[name] = { ...old, ...value };
  }
  return merged;
}

async function takeOver(
  context: DirectoryContext,
  person: UserRecord,
  document: JsonObject,
  how: { operation: Extract<Operation, "adopt" | "reactivate">; by: MatchedBy },
): Promise<UserRecord | typeof STALE> {
  refuseExcluded(person.keys, context.settings);
  if (how.operation === "reactivate" && sameDocument(document, person.document)) return person;
  const before = draftOf(person);
  const after: UserDraft = {
    ...before,
    document,
    keys: nextKeys(before, document, context.settings),
    origin: "scim",
    ...(how.operation === "adopt" && {
      adoptedAt: context.at,
      adoptedBy: how.by,
      adoptedFrom: person.document,
    }),
  };
  const { active } = after.keys;
  const leaves = before.keys.active && !active;
  const outcome: CommitOutcome = await context.store.commit({
    guards: deactivationGuard(context, {
      userId: person.id,
      createdAt: person.createdAt,
      wasActive: before.keys.active,
      becomes: active ? "active" : "inactive",
    }),
    writes: [
      ...departmentWrites(before.keys, after.keys, () => context.ids.next()),
      { kind: "update-user", version: person.version, before, after },
      ...keyWrites(typeNamed(context, "User"), person.id, person.document, document),
      ...(leaves ? withdrawInvitation(context.settings, person.id, "inactive") : []),
    ],
    ...lifecycleChanges(context, {
      transition: {
        verb: "reactivate",
        adopts: how.operation === "adopt",
        wasActive: before.keys.active,
        isActive: active,
      },
      resourceId: person.id,
      status: 201,
      diff: toldDiff(typeNamed(context, "User"), person.document, document),
      reason: `Matched by ${how.by}.`,
    }),
  });
  switch (outcome.kind) {
    case "committed":
      return {
        ...person,
        ...recordOf(after),
        version: person.version + 1,
        updatedAt: laterOf(person.updatedAt, context.at),
      };
    case "duplicate":
      throw clash(outcome.attribute);
    case "mass-deactivation":
      return stopDeactivations(context);
    case "matched":
    case "stale":
      return STALE;
  }
}
