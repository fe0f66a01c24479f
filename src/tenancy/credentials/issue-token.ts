import * as z from "zod/mini";

import { type AskedBy, credentialEntry } from "./credential-entry.ts";
import type { Token } from "../credential.ts";
import { Label } from "../label.ts";
import { type MintDeps, mintCredential, unused } from "./mint-credential.ts";
import type { CredentialStore } from "../ports.ts";
import { SCOPES, type Scope } from "../scopes.ts";
import { isWaitingForSso } from "./sso.ts";
import type { LiveTenant } from "../tenant.ts";

export const Scopes = z._default(z.array(z.enum(SCOPES)).check(z.minLength(1)), [...SCOPES]);

/** In one order and each once, however they were given. */
export const inOrder = (scopes: readonly Scope[]): Scope[] =>
  SCOPES.filter((scope) => scopes.includes(scope));

export const NewTokenInput = z.strictObject({
  name: Label,
  scopes: Scopes,
  expiresAt: z._default(z.nullable(z.iso.datetime({ offset: true })), null),
});
export type NewTokenInput = z.output<typeof NewTokenInput>;

export interface IssueTokenDeps extends MintDeps {
  readonly credentials: Pick<CredentialStore, "add">;
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
  by: AskedBy,
): Promise<IssuedToken> {
  if (isWaitingForSso(tenant)) return { kind: "sso-inactive" };
  if (input.expiresAt !== null && Date.parse(input.expiresAt) <= deps.clock.now())
    return { kind: "already-expired" };
  const expiresAt = input.expiresAt === null ? null : new Date(input.expiresAt).toISOString();
  const { credential, secret } = await mintCredential(
    { kind: "token", name: input.name, scopes: inOrder(input.scopes), expiresAt },
    deps,
  );
  const { id, name, scopes } = credential;
  const diff = [
    { attribute: "name", after: name },
    { attribute: "scopes", after: scopes },
    ...(expiresAt === null ? [] : [{ attribute: "expiresAt", after: expiresAt }]),
  ];
  await deps.credentials.add(
    credential,
    credentialEntry(by, deps.clock, { kind: "token", id, status: 201, diff }),
  );
  return { kind: "issued", details: unused(credential), token: secret };
}
