import { uniqueness, type ScimError } from "../../scim/error.ts";
import { clash } from "../clash-error.ts";
import type { MatchDecision } from "./decide-match.ts";

/** A decision that refuses the create. */
export type RefusedMatch = Extract<
  MatchDecision,
  { kind: "taken" | "ambiguous" | "deactivated-by-hand" }
>;

/** 409 `uniqueness` (RFC 7644 §3.3), with what an administrator can do about it. */
export function matchError(decision: RefusedMatch): ScimError {
  switch (decision.kind) {
    case "taken":
      return clash(decision.attribute);
    case "ambiguous":
      return uniqueness(
        `Several people of this tenant fit (by ${[...new Set(decision.by)].join(", ")}). Give one of them the userName or externalId of this request, or remove the others.`,
      );
    case "deactivated-by-hand":
      return uniqueness(
        "An administrator of the application deactivated this person by hand. Activate them there first.",
      );
  }
}
