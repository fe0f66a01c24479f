import * as z from "zod/mini";

import type { Token } from "../tenancy/credential.ts";
import { SCOPES } from "../tenancy/scopes.ts";

/** A token on the wire, without the token. */
export const TokenView = z.object({
  id: z.string(),
  name: z.string(),
  last4: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  createdAt: z.string(),
  expiresAt: z.nullable(z.string()),
  revokedAt: z.nullable(z.string()),
  lastUsedAt: z.nullable(z.string()),
  lastUsedBy: z.nullable(z.string()),
  safeToRevoke: z
    .boolean()
    .check(z.describe("A newer token is in use and this one has not been for 24 hours.")),
  underOldPepper: z
    .boolean()
    .check(
      z.describe(
        "Not used since TOKEN_PEPPER was rotated: it ends when the old pepper is taken away.",
      ),
    ),
});
export type TokenView = z.infer<typeof TokenView>;

/** Names each field, so that nothing a store adds to a token can slip out. */
export function tokenView(
  token: Token,
  seen: { readonly safeToRevoke: boolean; readonly underOldPepper?: boolean },
): TokenView {
  const { id, name, last4, scopes, createdAt, expiresAt, revokedAt, lastUsedAt, lastUsedBy } =
    token;
  return {
    id,
    name,
    last4,
    scopes: [...scopes],
    createdAt,
    expiresAt,
    revokedAt,
    lastUsedAt,
    lastUsedBy,
    safeToRevoke: seen.safeToRevoke,
    underOldPepper: seen.underOldPepper ?? false,
  };
}
