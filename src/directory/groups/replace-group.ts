import type { JsonObject } from "../../scim/json.ts";
import { keepImmutable } from "../../scim/value/keep-immutable.ts";
import { changeGroup } from "./change-group.ts";
import type { Precondition } from "../people/change-user.ts";
import type { DirectoryContext } from "../context.ts";
import { typeNamed } from "../key-writes.ts";
import type { GroupRecord } from "../ports.ts";

/**
 * RFC 7644 §3.5.1: attributes and the whole membership become what the request says (Okta's custom
 * applications send every member each time); only the difference is written.
 */
export function replaceGroup(
  context: DirectoryContext,
  id: string,
  given: { readonly document: JsonObject; readonly memberIds: readonly string[] },
  precondition: Precondition,
): Promise<GroupRecord> {
  return changeGroup(context, id, {
    verb: "replace",
    precondition,
    members: { kind: "exactly", ids: given.memberIds },
    compute: (document) => keepImmutable(document, given.document, typeNamed(context, "Group")),
  });
}
