import type { UserRecord } from "../ports.ts";
import type { PersonChange } from "./person-fields.ts";

/** Enrolled by hand; enrolled by hand and adopted since; created by the identity provider. */
export type Provenance = "manual" | "adopted" | "provisioned";

export type HandAct = keyof PersonChange | "adopt" | "unadopt";

export type Verdict =
  | "allowed"
  /** The identity provider says what it is. */
  | "owned-by-provider"
  | "managed-already"
  | "never-adopted";

export const provenanceOf = ({
  origin,
  adoptedAt,
}: Pick<UserRecord, "origin" | "adoptedAt">): Provenance =>
  origin === "manual" ? "manual" : adoptedAt === null ? "provisioned" : "adopted";

/**
 * Who may change what of a person by hand. What SCIM sends of a person whom it manages is the identity
 * provider's: the next sync would take a change back. Whether somebody is active is decided by both: who is
 * deactivated here is not revived by a POST. Departments, invitations, deletion and erasure are always the
 * administrator's, and are not asked about here.
 */
export function mayByHand(provenance: Provenance, act: HandAct): Verdict {
  switch (act) {
    case "active":
      return "allowed";
    case "adopt":
      return provenance === "manual" ? "allowed" : "managed-already";
    case "unadopt":
      return provenance === "adopted" ? "allowed" : "never-adopted";
    case "email":
    case "userName":
    case "givenName":
    case "familyName":
    case "displayName":
    case "department":
    case "externalId":
      return provenance === "manual" ? "allowed" : "owned-by-provider";
  }
}
