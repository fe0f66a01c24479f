import type { Settings } from "../../tenancy/settings.ts";
import type { Write } from "../ports.ts";

/**
 * Beside a write that makes somebody inactive, or removes them: an invitation that waits is cancelled. An erasure
 * takes the row along. Costs nothing in tenants that do not invite: what was queued before the setting was
 * switched off is cancelled by the job when it is due.
 */
export function withdrawInvitation(
  settings: Settings,
  userId: string,
  becomes: "inactive" | "former" | "erased",
): Write[] {
  const forget = becomes === "erased";
  if (settings.invitations === "off" && !forget) return [];
  return [{ kind: "withdraw-invitation", userId, forget }];
}
