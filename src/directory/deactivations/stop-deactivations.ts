import { unavailable } from "../../scim/error.ts";
import type { DirectoryContext } from "../context.ts";
import { STALE } from "../retry-stale.ts";
import { isMassDeactivation } from "./is-mass-deactivation.ts";
import type { DeactivationWindow } from "./ports.ts";

/** Long enough not to hammer, short enough that a released sync goes on within the hour. */
const RETRY_AFTER_SECONDS = 3600;

/**
 * After the outcome `mass-deactivation`, of which nothing was written: marks the window, raises the alert, leaves
 * a line in the log (each once per window), and throws the 503 that says how to go on. `STALE` when the window is
 * another one by now, or an administrator released it: then the write is to be tried again.
 */
export async function stopDeactivations(context: DirectoryContext): Promise<typeof STALE> {
  const { settings, deactivations, ids, at } = context;
  const limit = settings.deactivationGuard;
  const window = await deactivations.current();
  if (limit === null || !window || window.released) return STALE;
  const { people, activeAtStart, startedAt } = window;
  if (!isMassDeactivation({ people: people + 1, activeAtStart }, limit)) return STALE;

  const detail = describe(window, limit);
  if (window.trippedAt === null) {
    const alert = { id: ids.next(), kind: "guard", subject: "", detail, raisedAt: at } as const;
    if (!(await deactivations.trip(startedAt, alert))) return STALE;
    context.report("deactivations-stopped", { people, activeAtStart, startedAt });
  }
  throw unavailable(detail, RETRY_AFTER_SECONDS);
}

const describe = (
  { people, activeAtStart, startedAt }: DeactivationWindow,
  limit: { readonly people: number; readonly percent: number },
): string =>
  `Provisioning was stopped from deactivating and deleting more people: it has done so to ${people} of the ${activeAtStart} who were active at ${startedAt}, and the limit is ${limit.people} people or ${limit.percent} % of them, whichever is more. Nothing of the request was done. If all of this is intended, resolve the alert "guard" of this tenant in the console or the admin API, or change the setting deactivationGuard; provisioning then goes on by itself. If not, correct assignments and scope in the identity provider first.`;
