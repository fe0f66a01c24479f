import type { Actor, AttributeChange, Change } from "../../journal/change.ts";
import type { Clock } from "../clock.ts";
import type { CredentialKind } from "../credential.ts";

/** Who has asked, for the journal. */
export interface AskedBy {
  readonly actor: Actor;
  readonly requestId: string;
}

const RESOURCE_TYPES: Record<CredentialKind | "client", string> = {
  token: "Token",
  access: "Token",
  "client-secret": "ClientSecret",
  client: "Client",
  admin: "AdminKey",
  reader: "ReaderKey",
  "setup-link": "SetupLink",
};

/** The journal's row about a credential or client that was made, rotated, used up or revoked. */
export function credentialEntry(
  by: AskedBy,
  clock: Clock,
  about: {
    readonly kind: CredentialKind | "client";
    readonly id: string;
    readonly status: number;
    readonly diff: readonly AttributeChange[];
  },
): Change {
  return {
    ...by,
    at: new Date(clock.now()).toISOString(),
    operation: about.kind === "token" ? "token" : "key",
    resourceType: RESOURCE_TYPES[about.kind],
    resourceId: about.id,
    outcome: "applied",
    status: about.status,
    scimType: null,
    reason: null,
    diff: about.diff,
  };
}
