import * as z from "zod/mini";

import type { StoredCredential } from "../tenancy/credential.ts";
import { ADMIN_ROLES } from "../tenancy/credentials/issue-admin-key.ts";

/** A key of the admin API on the wire, without the key. */
export const KeyView = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(ADMIN_ROLES),
  last4: z.string(),
  createdAt: z.string(),
  revokedAt: z.nullable(z.string()),
  lastUsedAt: z.nullable(z.string()),
});
export type KeyView = z.infer<typeof KeyView>;

export function keyView(key: StoredCredential): KeyView {
  const { id, name, kind, last4, createdAt, revokedAt, lastUsedAt } = key;
  const role = kind === "admin" ? "admin" : "reader";
  return { id, name, role, last4, createdAt, revokedAt, lastUsedAt };
}
