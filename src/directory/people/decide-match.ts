import type { Settings } from "../../tenancy/settings.ts";
import type { MatchKeys, UserRecord } from "../ports.ts";

export type MatchedBy = "externalId" | "email" | "userName";

/** What a create means when people with its keys are already here. */
export type MatchDecision =
  | { readonly kind: "create" }
  | { readonly kind: "adopt"; readonly person: UserRecord; readonly by: MatchedBy }
  | { readonly kind: "reactivate"; readonly person: UserRecord; readonly by: MatchedBy }
  | { readonly kind: "taken"; readonly attribute: "userName" | "emails" }
  | { readonly kind: "ambiguous"; readonly by: readonly MatchedBy[] }
  | { readonly kind: "deactivated-by-hand" };

function matchedBy({ keys: own }: UserRecord, keys: MatchKeys): MatchedBy | undefined {
  if (keys.externalId !== null && own.externalId === keys.externalId) return "externalId";
  if (keys.emailKey !== null && own.emailKey === keys.emailKey) return "email";
  return own.userNameKey === keys.userNameKey ? "userName" : undefined;
}

/**
 * Adopt, reactivate, refuse or create. A person enrolled by hand, or one whom SCIM deactivated, is the one
 * that the IdP means when exactly one fits; the keys of an active person whom SCIM manages are taken. A
 * person deactivated by hand stays so: the IdP does not overrule the administrator.
 */
export function decideMatch(
  people: readonly UserRecord[],
  keys: MatchKeys,
  settings: Settings,
): MatchDecision {
  const fitting = people.flatMap((person) => {
    const by = matchedBy(person, keys);
    return by === undefined ? [] : [{ person, by }];
  });
  const managed = fitting.filter(({ person }) => person.origin === "scim" && person.active);
  const holds = (person: UserRecord, key: "userNameKey" | "emailKey") =>
    person.keys[key] === keys[key] && keys[key] !== null;
  if (managed.some(({ person }) => holds(person, "userNameKey"))) {
    return { kind: "taken", attribute: "userName" };
  }
  if (settings.uniqueEmail && managed.some(({ person }) => holds(person, "emailKey"))) {
    return { kind: "taken", attribute: "emails" };
  }
  const open = fitting.filter(({ person }) => person.origin === "manual" || !person.active);
  if (settings.adoption === "off") {
    if (open.some(({ person }) => holds(person, "userNameKey"))) {
      return { kind: "taken", attribute: "userName" };
    }
    return settings.uniqueEmail && open.some(({ person }) => holds(person, "emailKey"))
      ? { kind: "taken", attribute: "emails" }
      : { kind: "create" };
  }
  if (open.some(({ person }) => person.deactivatedByHand)) return { kind: "deactivated-by-hand" };
  const [only, ...others] = open;
  if (!only) return { kind: "create" };
  if (others.length > 0) return { kind: "ambiguous", by: open.map(({ by }) => by) };
  return { kind: only.person.origin === "manual" ? "adopt" : "reactivate", ...only };
}
