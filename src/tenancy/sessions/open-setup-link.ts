import type { Clock } from "../clock.ts";
import { credentialEntry } from "../credentials/credential-entry.ts";
import { isExpired } from "../credentials/is-expired.ts";
import type { Admission } from "../credential.ts";
import { digestToken } from "../digest.ts";
import type { AdmissionStore, CredentialStore } from "../ports.ts";
import type { LiveTenant } from "../tenant.ts";
import { isWellFormedToken } from "../token.ts";
import type { SessionOwner } from "./session.ts";

export interface SetupLinkDeps {
  readonly peppers: readonly [string, ...string[]];
  readonly admissions: Pick<AdmissionStore, "byDigest">;
  readonly clock: Clock;
}

/** The link of a code, when its button can still be pressed. Looking changes nothing: mail scanners open links. */
export async function findSetupLink(
  code: string,
  { peppers, admissions, clock }: SetupLinkDeps,
): Promise<Admission | undefined> {
  if (!isWellFormedToken(code, "setup-link")) return undefined;
  const digests = await Promise.all(peppers.map((pepper) => digestToken(code, pepper)));
  const found = await admissions.byDigest(digests, { fresh: true });
  if (found?.credential.kind !== "setup-link") return undefined;
  const { expiresAt, lastUsedAt } = found.credential;
  return lastUsedAt !== null || isExpired(expiresAt, clock) ? undefined : found;
}

/** Uses a link up and says whose session that begins. Of two who press the button at once, one is too late. */
export async function openSetupLink(
  code: string,
  deps: SetupLinkDeps & {
    credentialsOf(tenant: LiveTenant): Pick<CredentialStore, "useOnce">;
  },
  requestId: string,
): Promise<{ readonly owner: SessionOwner; readonly slug: string } | undefined> {
  const link = await findSetupLink(code, deps);
  if (!link) return undefined;
  const { credential, tenant } = link;
  const at = new Date(deps.clock.now()).toISOString();
  const outcome = await deps.credentialsOf(tenant).useOnce(
    credential.id,
    at,
    credentialEntry(
      { actor: { kind: "admin", id: credential.id, hint: "set-up link" }, requestId },
      deps.clock,
      {
        kind: "setup-link",
        id: credential.id,
        status: 200,
        diff: [{ attribute: "usedAt", after: at }],
      },
    ),
  );
  if (outcome === "gone") return undefined;
  return {
    owner: { kind: "setup", tenantId: tenant.id, credentialId: credential.id },
    slug: tenant.slug,
  };
}
