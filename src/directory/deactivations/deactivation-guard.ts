import type { Actor } from "../../journal/change.ts";
import type { Settings } from "../../tenancy/settings.ts";
import type { Guard } from "../ports.ts";

const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;

/** A write as the guard sees it. */
export interface Departure {
  readonly userId: string;
  readonly createdAt: string;
  readonly wasActive: boolean;
  readonly becomes: "active" | "inactive" | "deleted";
}

/**
 * Whether a write counts towards the limit: somebody becomes inactive, or is deleted, by provisioning. People
 * younger than a day do not count, because validators and trial runs make and remove theirs; nor does what
 * administrators and jobs do.
 */
export function countsAsDeactivation(departure: Departure, actor: Actor["kind"], at: string) {
  const leaves =
    departure.becomes === "deleted" || (departure.becomes === "inactive" && departure.wasActive);
  const isOld = Date.parse(departure.createdAt) < Date.parse(at) - DAY_MS;
  return leaves && isOld && actor === "token";
}

/** The guard of a plan in which somebody may leave; none where the write does not count, at no cost. */
export function deactivationGuard(
  context: { readonly settings: Settings; readonly actor: Actor; readonly at: string },
  departure: Departure,
): Guard[] {
  const { deactivationGuard: setting } = context.settings;
  if (setting === null || !countsAsDeactivation(departure, context.actor.kind, context.at)) {
    return [];
  }
  const endedBefore = Date.parse(context.at) - setting.windowMinutes * MINUTE_MS;
  return [
    {
      kind: "few-deactivations",
      userId: departure.userId,
      limit: { people: setting.people, percent: setting.percent },
      windowsEndedBefore: new Date(endedBefore).toISOString(),
    },
  ];
}
