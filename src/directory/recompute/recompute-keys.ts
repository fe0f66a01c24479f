import { foldText } from "../../scim/fold.ts";
import type { Settings } from "../../tenancy/settings.ts";
import { userKeys } from "../people/user-keys.ts";
import type { Recomputed, StoredPerson } from "./ports.ts";

/**
 * Which people's columns differ from what the settings make of their documents. Only columns that follow from
 * settings are looked at. A link to a department is made where one is missing and never taken away: while the
 * attribute is ignored it is hidden and not lost.
 */
export function recomputeKeys(people: readonly StoredPerson[], settings: Settings): Recomputed {
  const computed = people.map((person) => ({ person, keys: userKeys(person.document, settings) }));
  return {
    emails: computed
      .filter(({ person, keys }) => person.email !== keys.email)
      .map(({ person: { id, version }, keys: { email, emailKey } }) => ({
        id,
        version,
        email,
        emailKey,
      })),
    departments: computed.flatMap(({ person: { id, version, linked }, keys: { department } }) =>
      linked || department === null
        ? []
        : [{ id, version, name: department, nameKey: foldText(department) }],
    ),
  };
}
