import { invalidValue, type ScimError } from "../../scim/error.ts";
import type { Settings } from "../../tenancy/settings.ts";
import type { Member, ResourceTypeName } from "../ports.ts";

export const membersUnknown = (): ScimError =>
  invalidValue(
    "Some of the members do not exist here (setting unknownMembers). Provision these people first.",
  );

/**
 * The members that exist, of those that a request names. An id that names nobody is passed over (an IdP may
 * name a person whom it failed to create; a refusal would stop the whole group), unless the tenant wants it
 * refused.
 */
export function resolveMembers(
  ids: readonly string[],
  known: ReadonlyMap<string, ResourceTypeName>,
  settings: Settings,
): Member[] {
  const unknown = ids.filter((id) => !known.has(id));
  if (settings.unknownMembers === "reject" && unknown.length > 0) {
    throw membersUnknown();
  }
  return ids.flatMap((id) => {
    const type = known.get(id);
    return type === undefined ? [] : [{ id, type }];
  });
}
