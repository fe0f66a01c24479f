import type { JsonObject } from "../../scim/json.ts";
import { keepImmutable } from "../../scim/value/keep-immutable.ts";
import { changeUser, type Precondition } from "./change-user.ts";
import type { DirectoryContext } from "../context.ts";
import { typeNamed } from "../key-writes.ts";
import type { UserRecord } from "../ports.ts";
import { withActive } from "./user-draft.ts";

/**
 * RFC 7644 §3.5.1: what the request omits is cleared. Except `active`, which stays: Okta leaves it out, and a
 * default would suspend or revive people.
 */
export const replaceUser = (
  context: DirectoryContext,
  id: string,
  given: JsonObject,
  precondition: Precondition,
): Promise<UserRecord> =>
  changeUser(context, id, {
    verb: "replace",
    precondition,
    compute: (document) =>
      withActive(
        keepImmutable(document, given, typeNamed(context, "User")),
        document["active"] !== false,
      ),
  });
