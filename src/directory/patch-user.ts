import type { JsonObject } from "../scim/json.ts";
import { applyPatch } from "../scim/patch/apply.ts";
import type { PatchOperation } from "../scim/patch/operation.ts";
import type { ResourceType } from "../scim/schema/attribute.ts";
import { changeUser, type Precondition } from "./change-user.ts";
import type { DirectoryContext } from "./context.ts";
import type { UserRecord } from "./ports.ts";
import { withActive } from "./user-draft.ts";

/**
 * Applies the operations in order, all or none. `ignored` names attributes that the schema does not know; they
 * change nothing and are noted in the journal, since one odd mapping must not sink a person.
 */
export const patchUser = (
  context: DirectoryContext,
  id: string,
  patch: {
    readonly operations: readonly PatchOperation[];
    readonly ignored: readonly string[];
    readonly type: ResourceType;
  },
  precondition: Precondition,
): Promise<UserRecord> =>
  changeUser(context, id, {
    verb: "patch",
    precondition,
    reason: patch.ignored.length > 0 ? `Ignored: ${patch.ignored.join(", ")}.` : undefined,
    compute: (document: JsonObject) =>
      // Removing `active` leaves the person as they were: nobody is suspended or revived by an absence.
      withActive(applyPatch(document, patch.operations, patch.type), document["active"] !== false),
  });
