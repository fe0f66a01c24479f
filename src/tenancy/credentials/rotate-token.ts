import * as z from "zod/mini";

import { type AskedBy, credentialEntry } from "./credential-entry.ts";
import type { Token } from "../credential.ts";
import { isExpired } from "./is-expired.ts";
import { type MintDeps, mintCredential, unused } from "./mint-credential.ts";
import type { CredentialStore } from "../ports.ts";
import { isWaitingForSso } from "./sso.ts";
import type { LiveTenant } from "../tenant.ts";

const HOUR_MS = 3_600_000;

export const RotateTokenInput = z.strictObject({
  overlapHours: z
    ._default(z.number().check(z.int(), z.minimum(0), z.maximum(2160)), 168)
    .check(z.describe("How long the old token still works; 0 ends it at once.")),
});
export type RotateTokenInput = z.output<typeof RotateTokenInput>;

export type RotatedToken =
  | { readonly kind: "rotated"; readonly details: Token; readonly token: string }
  | { readonly kind: "unknown" }
  /** Revoked or expired: nothing is left that could overlap. */
  | { readonly kind: "ended" }
  | { readonly kind: "sso-inactive" };

/**
 * Issues a token with the name, the scopes and the life span of another one, which goes on for the overlap and
 * then ends, or earlier if it was to: an administrator has that long to paste the new one. One transaction; no
 * request is refused on the way. May be asked for again, by who has lost the new token.
 */
export async function rotateToken(
  tenant: Pick<LiveTenant, "preset" | "overrides">,
  id: string,
  { overlapHours }: RotateTokenInput,
  deps: MintDeps & { readonly credentials: Pick<CredentialStore, "find" | "rotate"> },
  by: AskedBy,
): Promise<RotatedToken> {
  const old = await deps.credentials.find(id, ["token"]);
  if (!old) return { kind: "unknown" };
  if (old.revokedAt !== null || isExpired(old.expiresAt, deps.clock)) return { kind: "ended" };
  if (isWaitingForSso(tenant)) return { kind: "sso-inactive" };
  const now = deps.clock.now();
  // Not the end that an earlier rotation gave it, or the second successor would live for an overlap only.
  const lifeMs =
    old.issuedUntil === null ? null : Date.parse(old.issuedUntil) - Date.parse(old.createdAt);
  const { credential, secret } = await mintCredential(
    {
      kind: "token",
      name: old.name,
      scopes: old.scopes,
      expiresAt: lifeMs === null ? null : new Date(now + lifeMs).toISOString(),
    },
    deps,
  );
  const overlapEnds = new Date(now + overlapHours * HOUR_MS).toISOString();
  const endsAt =
    old.expiresAt === null || old.expiresAt > overlapEnds ? overlapEnds : old.expiresAt;
  const diff = [
    { attribute: "successor", after: credential.id },
    ...(endsAt === old.expiresAt
      ? []
      : [{ attribute: "expiresAt", before: old.expiresAt, after: endsAt }]),
  ];
  await deps.credentials.rotate(
    { id, expiresAt: endsAt },
    credential,
    credentialEntry(by, deps.clock, { kind: "token", id, status: 201, diff }),
  );
  return { kind: "rotated", details: unused(credential), token: secret };
}
