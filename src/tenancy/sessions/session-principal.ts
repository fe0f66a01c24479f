import type { AdminPrincipal } from "../admin-principal.ts";
import type { Clock } from "../clock.ts";
import { isExpired } from "../credentials/is-expired.ts";
import type { AdmissionStore } from "../ports.ts";
import { keyPrint, type SessionOwner } from "./session.ts";

export interface SessionPrincipalDeps {
  readonly adminKeys: readonly string[];
  readonly signingKeys: readonly string[];
  readonly admissions: Pick<AdmissionStore, "byId">;
  readonly clock: Clock;
}

/**
 * The principal that a session stands for now. Asked with every request, so that a revoked key, a revoked link and
 * a replaced ADMIN_TOKEN end what they began. A set-up link's own time is for its opening: its session has an hour
 * from there. Throws what the store throws.
 */
export async function sessionPrincipal(
  owner: SessionOwner,
  deps: SessionPrincipalDeps,
): Promise<AdminPrincipal | undefined> {
  if (owner.kind === "operator") {
    const prints = await Promise.all(
      deps.signingKeys.flatMap((signing) => deps.adminKeys.map((key) => keyPrint(key, signing))),
    );
    return prints.includes(owner.keyPrint)
      ? { kind: "operator", id: "operator", hint: "operator" }
      : undefined;
  }
  const admission = await deps.admissions.byId(owner.tenantId, owner.credentialId);
  if (!admission) return undefined;
  const { credential, tenant } = admission;
  const isStill =
    owner.kind === "setup"
      ? credential.kind === "setup-link"
      : credential.kind === "admin" && !isExpired(credential.expiresAt, deps.clock);
  if (!isStill) return undefined;
  return {
    kind: owner.kind,
    id: credential.id,
    hint: credential.last4,
    tenant: { id: tenant.id, slug: tenant.slug },
  };
}
