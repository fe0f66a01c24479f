import type { Operation } from "../../journal/change.ts";

export interface Transition {
  /** What changes the person: a request by id, or a POST that turned out to mean somebody inactive. */
  readonly verb: "replace" | "patch" | "reactivate";
  /** Somebody enrolled by hand is SCIM's from now on. */
  readonly adopts: boolean;
  readonly wasActive: boolean;
  readonly isActive: boolean;
}

/**
 * What the journal calls a change of one person; a row for each. Becoming inactive is `deactivate` once, whatever
 * the form of the request, because products follow the journal to take access away; that somebody is adopted at
 * the same time is another event.
 */
export function lifecycleEvents(transition: Transition): readonly [Operation, ...Operation[]] {
  const { verb, adopts, wasActive, isActive } = transition;
  const event = isActive ? "activate" : "deactivate";
  if (adopts) return wasActive === isActive ? ["adopt"] : ["adopt", event];
  // A POST that says that an inactive person is inactive revives nobody.
  if (verb === "reactivate") return [isActive ? verb : "replace"];
  return [wasActive === isActive ? verb : event];
}
