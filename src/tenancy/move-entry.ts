import type { Change } from "../journal/change.ts";
import type { Move } from "./move-ports.ts";

export type MoveMoment = "begun" | "arrived" | "given-up";

/** The journal's row about a move, for the tenant that it is about. */
export function moveEntry(move: Move, moment: MoveMoment, at: string): Change {
  const { tenantId, source, target, by } = move;
  return {
    ...by,
    at,
    operation: "settings",
    resourceType: "Tenant",
    resourceId: tenantId,
    outcome: "applied",
    status: 200,
    scimType: null,
    reason: reasonOf(move, moment),
    diff:
      moment === "given-up"
        ? [{ attribute: "database", before: target, after: source }]
        : [{ attribute: "database", before: source, after: target }],
  };
}

function reasonOf({ source, target }: Move, moment: MoveMoment): string {
  switch (moment) {
    case "begun":
      return `The tenant is being moved to the database ${target}, and is paused until it has arrived.`;
    case "arrived":
      return `The tenant has arrived in the database ${target}.`;
    case "given-up":
      return `The move to the database ${target} was given up. The tenant stays in ${source}.`;
  }
}
