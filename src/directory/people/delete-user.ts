import { forbidden } from "../../scim/error.ts";
import { changeBy, type DirectoryContext } from "../context.ts";
import { requireVersion, requireVisible, type Precondition } from "./change-user.ts";
import { deactivationGuard } from "../deactivations/deactivation-guard.ts";
import { stopDeactivations } from "../deactivations/stop-deactivations.ts";
import { forgetRefusals } from "./forget-refusals.ts";
import { withdrawInvitation } from "../invitations/withdraw-invitation.ts";
import { keyWrites, typeNamed } from "../key-writes.ts";
import { retryStale, STALE } from "../retry-stale.ts";
import { refuseExcluded } from "./user-draft.ts";
import { userKeys } from "./user-keys.ts";

/**
 * Removes a person from the directory: 404 from now on, and their names are free. `soft-delete` keeps the
 * record apart for the product's history, `erase` keeps nothing. Somebody enrolled by hand whom SCIM never
 * adopted is not SCIM's to delete (403).
 */
export function deleteUser(
  context: DirectoryContext,
  id: string,
  precondition: Precondition,
): Promise<void> {
  const { store, settings } = context;
  return retryStale(context, async () => {
    const isKept = settings.onDelete === "soft-delete";
    const found = await store.user(id, { groups: false, departments: isKept });
    const user = requireVisible(context, found);
    requireVersion(precondition, user.version);
    const keys = userKeys(user.document, settings);
    if (context.actor.kind === "token") refuseExcluded(keys, settings);
    if (user.origin === "manual" && context.actor.kind === "token") {
      throw forbidden(
        "This person was enrolled by hand and is not managed by provisioning, so it cannot delete them.",
      );
    }
    const keep = isKept ? keys : undefined;
    const refusals = keep ? [] : [await forgetRefusals(context, [{ id, keys }])];
    const outcome = await store.commit({
      guards: deactivationGuard(context, {
        userId: id,
        createdAt: user.createdAt,
        wasActive: user.active,
        becomes: "deleted",
      }),
      writes: [
        { kind: "delete-user", user, keep },
        ...keyWrites(typeNamed(context, "User"), id, user.document, undefined),
        ...refusals,
        ...withdrawInvitation(settings, id, keep ? "former" : "erased"),
      ],
      change: changeBy(context, {
        operation: "delete",
        resourceType: "User",
        resourceId: id,
        status: 204,
        diff: [],
        reason: keep ? "Kept as a former person." : "Erased.",
      }),
    });
    if (outcome.kind === "mass-deactivation") return stopDeactivations(context);
    return outcome.kind === "committed" ? undefined : STALE;
  });
}
