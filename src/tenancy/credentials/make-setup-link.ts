import * as z from "zod/mini";

import { type AskedBy, credentialEntry } from "./credential-entry.ts";
import { type MintDeps, mintCredential } from "./mint-credential.ts";
import type { CredentialStore } from "../ports.ts";

const HOUR_MS = 3_600_000;

export const NewSetupLinkInput = z.strictObject({
  expiresInHours: z._default(z.number().check(z.int(), z.minimum(1), z.maximum(720)), 72),
});
export type NewSetupLinkInput = z.output<typeof NewSetupLinkInput>;

/**
 * Makes the code of a link with which somebody may set up this tenant's connection once. It is a credential like
 * any other, so that only its digest is stored, and its use or revocation is in force everywhere.
 */
export async function makeSetupLink(
  { expiresInHours }: NewSetupLinkInput,
  deps: MintDeps & { readonly credentials: Pick<CredentialStore, "add"> },
  by: AskedBy,
): Promise<{ readonly id: string; readonly code: string; readonly expiresAt: string }> {
  const expiresAt = new Date(deps.clock.now() + expiresInHours * HOUR_MS).toISOString();
  const { credential, secret } = await mintCredential(
    { kind: "setup-link", name: "", scopes: [], expiresAt },
    deps,
  );
  const { id } = credential;
  const diff = [{ attribute: "expiresAt", after: expiresAt }];
  await deps.credentials.add(
    credential,
    credentialEntry(by, deps.clock, { kind: "setup-link", id, status: 201, diff }),
  );
  return { id, code: secret, expiresAt };
}
