import { orFault, ScimError } from "../../scim/error.ts";
import type { JsonObject } from "../../scim/json.ts";
import type { DirectoryContext } from "../context.ts";
import { decideMatch, type MatchedBy } from "./decide-match.ts";
import { matchError } from "./match-error.ts";
import type { UserRecord } from "../ports.ts";
import { refuseExcluded } from "./user-draft.ts";
import { userKeys, type UserKeys } from "./user-keys.ts";

/** What a POST would do. */
export type CreateOutcome =
  | { readonly kind: "create" }
  | {
      readonly kind: "match";
      readonly person: UserRecord;
      readonly by: MatchedBy;
      readonly action: "adopt" | "reactivate";
    }
  | { readonly kind: "refused"; readonly reason: string };

/** As many as `DirectoryStore.usersMatching` gives. */
const MATCHING_LIMIT = 10;

const namesOf = ({ userNameKey, emailKey, externalId }: UserKeys): string[] => [
  `userName ${userNameKey}`,
  ...(emailKey === null ? [] : [`email ${emailKey}`]),
  ...(externalId === null ? [] : [`externalId ${externalId}`]),
];

/** First those with the userName, then those with the address, then inactive ones, as the store gives them to a POST. */
const byRelevance = (keys: UserKeys) => {
  const rank = (person: UserRecord) =>
    (person.keys.userNameKey === keys.userNameKey ? 0 : 4) +
    (person.keys.emailKey === keys.emailKey ? 0 : 2) +
    (person.active ? 1 : 0);
  return (a: UserRecord, b: UserRecord) => rank(a) - rank(b);
};

/** Creates that are thought of one after the other: each meets the people whom those before it would have left. */
export function plannedCreates(context: DirectoryContext) {
  const { settings, people } = context;
  const written = new Map<string, UserRecord>();
  const writtenByName = new Map<string, Set<string>>();
  let made = 0;

  function write(person: UserRecord): void {
    written.set(person.id, person);
    for (const name of namesOf(person.keys)) {
      writtenByName.set(name, (writtenByName.get(name) ?? new Set()).add(person.id));
    }
  }

  function decide(
    document: JsonObject,
    keys: UserKeys,
    found: readonly UserRecord[],
  ): CreateOutcome {
    const fault = orFault(() => refuseExcluded(keys, settings));
    if (fault instanceof ScimError) return { kind: "refused", reason: fault.detail };
    const decision = decideMatch(
      found.toSorted(byRelevance(keys)).slice(0, MATCHING_LIMIT),
      keys,
      settings,
    );
    switch (decision.kind) {
      case "taken":
      case "ambiguous":
      case "deactivated-by-hand":
        return { kind: "refused", reason: matchError(decision).detail };
      case "create":
        write(createdFrom(document, keys, `planned-${++made}`, context.at));
        return { kind: "create" };
      case "adopt":
      case "reactivate": {
        const { person, by, kind: action } = decision;
        const excluded = orFault(() => refuseExcluded(person.keys, settings));
        if (excluded instanceof ScimError) return { kind: "refused", reason: excluded.detail };
        write({
          ...person,
          origin: "scim",
          active: action === "reactivate" || person.active,
          keys: mergedKeys(person.keys, keys),
        });
        return { kind: "match", person, by, action };
      }
    }
  }

  /** Looks all of them up in one round trip. */
  async function next(documents: readonly JsonObject[]): Promise<CreateOutcome[]> {
    const planned = documents.map((document) => ({ document, keys: userKeys(document, settings) }));
    const all = (pick: (keys: UserKeys) => string | null) => [
      ...new Set(planned.map(({ keys }) => pick(keys)).filter((key) => key !== null)),
    ];
    const here = await people.havingKeys({
      userNameKeys: all((keys) => keys.userNameKey),
      emailKeys: all((keys) => keys.emailKey),
      externalIds: all((keys) => keys.externalId),
    });
    const named = here.flatMap((person) => namesOf(person.keys).map((name) => ({ name, person })));
    const byName = Map.groupBy(named, ({ name }) => name);
    return planned.map(({ document, keys }) => {
      const found = new Map<string, UserRecord>();
      for (const name of namesOf(keys)) {
        for (const { person } of byName.get(name) ?? []) found.set(person.id, person);
        for (const id of writtenByName.get(name) ?? []) {
          const person = written.get(id);
          if (person) found.set(id, person);
        }
      }
      const now = [...found.values()].map((person) => written.get(person.id) ?? person);
      return decide(document, keys, now);
    });
  }

  return { next };
}

/** An adopted person keeps what the request does not name. */
const mergedKeys = (own: UserKeys, given: UserKeys): UserKeys => ({
  ...own,
  userNameKey: given.userNameKey,
  externalId: given.externalId ?? own.externalId,
  email: given.email ?? own.email,
  emailKey: given.emailKey ?? own.emailKey,
  active: true,
});

const createdFrom = (document: JsonObject, keys: UserKeys, id: string, at: string): UserRecord => ({
  id,
  document,
  keys,
  email: keys.email,
  active: true,
  departmentId: null,
  origin: "scim",
  adoptedAt: null,
  adoptedBy: null,
  deactivatedByHand: false,
  predecessorId: null,
  version: 1,
  createdAt: at,
  updatedAt: at,
  groups: undefined,
});
