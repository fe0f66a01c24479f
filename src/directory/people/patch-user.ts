import type { JsonObject } from "../../scim/json.ts";
import { applyPatch } from "../../scim/patch/apply.ts";
import type { PatchOperation } from "../../scim/patch/operation.ts";
import type { ResourceType } from "../../scim/schema/attribute.ts";
import { changeUser, type Precondition } from "./change-user.ts";
import type { DirectoryContext } from "../context.ts";
import type { UserRecord } from "../ports.ts";
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
    compute: (document: JsonObject) => {
      const operations = patch.operations.filter((operation) => !clearsActive(operation));
      return withActive(applyPatch(document, operations, patch.type), document["active"] !== false);
    },
  });

/** Taking `active` away leaves the person as they are: nobody is suspended or revived by an absence. */
function clearsActive({ op, target, value }: PatchOperation): boolean {
  if (target.kind !== "attribute" || target.path.extension !== undefined) return false;
  return target.path.attribute.name === "active" && (op === "remove" || value === undefined);
}
