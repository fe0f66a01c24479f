import { changeBy, type DirectoryContext } from "../context.ts";
import { retryStale, STALE } from "../retry-stale.ts";
import type { Alert } from "./alert.ts";

/**
 * Closes an alert, which for one of kind `guard` lets provisioning go on. Undefined: there is none of this id.
 * One that is closed already is shown as it is.
 */
export function resolveAlert(context: DirectoryContext, id: string): Promise<Alert | undefined> {
  const { alerts, at } = context;
  return retryStale<Alert | undefined>(context, async () => {
    const alert = await alerts.find(id);
    if (!alert || alert.resolvedAt !== null) return alert;
    const change = changeBy(context, {
      operation: "patch",
      resourceType: "Alert",
      resourceId: id,
      status: 200,
      diff: [{ attribute: "resolvedAt", after: at }],
      reason: `The alert ${alert.kind} was resolved.`,
    });
    const outcome = await alerts.resolve(id, change);
    return outcome === "resolved" ? { ...alert, resolvedAt: at } : STALE;
  });
}
