import * as z from "zod/mini";

import { type AskedBy, credentialEntry } from "./credential-entry.ts";
import type { StoredCredential } from "../credential.ts";
import { Label } from "../label.ts";
import { type MintDeps, mintCredential, unused } from "./mint-credential.ts";
import type { CredentialStore } from "../ports.ts";

export const ADMIN_ROLES = ["admin", "reader"] as const;

export const NewAdminKeyInput = z.strictObject({
  name: Label,
  role: z
    .enum(ADMIN_ROLES)
    .check(
      z.describe("admin: whoever administers this tenant; reader: the back end of a product."),
    ),
});
export type NewAdminKeyInput = z.output<typeof NewAdminKeyInput>;

/** Makes a key of the admin API that is good for this tenant only, and hands it out this once. */
export async function issueAdminKey(
  { name, role }: NewAdminKeyInput,
  deps: MintDeps & { readonly credentials: Pick<CredentialStore, "add"> },
  by: AskedBy,
): Promise<{ readonly details: StoredCredential; readonly key: string }> {
  const { credential, secret } = await mintCredential(
    { kind: role, name, scopes: [], expiresAt: null },
    deps,
  );
  const { id } = credential;
  const diff = [
    { attribute: "name", after: name },
    { attribute: "role", after: role },
  ];
  await deps.credentials.add(
    credential,
    credentialEntry(by, deps.clock, { kind: role, id, status: 201, diff }),
  );
  return { details: unused(credential), key: secret };
}
