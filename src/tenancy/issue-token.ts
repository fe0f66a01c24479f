import * as z from "zod";

import type { Clock, Ids } from "./clock.ts";
import type { NewCredential, Token } from "./credential.ts";
import { Label } from "./label.ts";
import type { CredentialStore } from "./ports.ts";
import { settingsOf } from "./presets.ts";
import { SCOPES } from "./scopes.ts";
import type { LiveTenant } from "./tenant.ts";
import { mintToken, TOKEN_RANDOM_BYTES } from "./token.ts";

export const NewTokenInput = z.strictObject({
  name: Label,
  scopes: z
    .array(z.enum(SCOPES))
    .min(1)
    .default([...SCOPES]),
  expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
});
export type NewTokenInput = z.output<typeof NewTokenInput>;

export interface IssueTokenDeps {
  readonly credentials: CredentialStore;
  /** The digest under the newest pepper. */
  digest(token: string): Promise<{ digest: string; pepperId: string }>;
  readonly clock: Clock;
  readonly ids: Ids;
  randomBytes(count: number): Uint8Array;
}

export type IssuedToken =
  | { readonly kind: "issued"; readonly details: Token; readonly token: string }
  | { readonly kind: "sso-inactive" }
  | { readonly kind: "already-expired" };

/**
 * Makes a token and hands it out this once: only its digest is stored. While a tenant must have single sign-on
 * and has not, nobody gets one: people provisioned now could not sign in.
 */
export async function issueToken(
  tenant: Pick<LiveTenant, "preset" | "overrides">,
  input: NewTokenInput,
  deps: IssueTokenDeps,
): Promise<IssuedToken> {
  const settings = settingsOf(tenant.preset, tenant.overrides);
  if (settings.ssoRequired && !settings.ssoActive) return { kind: "sso-inactive" };
  const now = deps.clock.now();
  if (input.expiresAt !== null && Date.parse(input.expiresAt) <= now)
    return { kind: "already-expired" };

  const token = mintToken(deps.randomBytes(TOKEN_RANDOM_BYTES));
  const { digest, pepperId, ...shown }: NewCredential = {
    id: deps.ids.next(),
    name: input.name,
    ...(await deps.digest(token)),
    last4: token.slice(-4),
    scopes: SCOPES.filter((scope) => input.scopes.includes(scope)),
    createdAt: new Date(now).toISOString(),
    expiresAt: input.expiresAt === null ? null : new Date(input.expiresAt).toISOString(),
  };
  await deps.credentials.add({ ...shown, digest, pepperId });
  return {
    kind: "issued",
    details: { ...shown, revokedAt: null, lastUsedAt: null, lastUsedBy: null },
    token,
  };
}
