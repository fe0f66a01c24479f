import {
  type AdminRefusal,
  authenticateAdmin,
  type AdminAuthenticationDeps,
} from "../admin-principal.ts";
import { isOneOf } from "../is-one-of.ts";
import { keyPrint, type SessionOwner } from "./session.ts";

/**
 * Whose session a key begins: the operator's, or that of a tenant's administrator. A reader's key is for the back
 * end of a product and opens no console.
 */
export async function signIn(
  key: string,
  deps: AdminAuthenticationDeps & { readonly signingKeys: readonly [string, ...string[]] },
): Promise<
  | { readonly kind: "signed-in"; readonly owner: SessionOwner; readonly slug: string | undefined }
  | { readonly kind: "refused"; readonly reason: AdminRefusal | "reader-key" }
> {
  const outcome = await authenticateAdmin({ header: `Bearer ${key}`, assertion: null }, deps);
  if (outcome.kind === "refused") return outcome;
  const { principal } = outcome;
  switch (principal.kind) {
    case "operator": {
      // One of them: that is what made this the operator.
      const own = await Promise.all(deps.adminKeys.map((value) => isOneOf(key, [value])));
      const value = deps.adminKeys[own.indexOf(true)] ?? key;
      const print = await keyPrint(value, deps.signingKeys[0]);
      return { kind: "signed-in", owner: { kind: "operator", keyPrint: print }, slug: undefined };
    }
    case "admin":
      return {
        kind: "signed-in",
        owner: { kind: "admin", tenantId: principal.tenant.id, credentialId: principal.id },
        slug: principal.tenant.slug,
      };
    case "reader":
    case "setup":
      return { kind: "refused", reason: "reader-key" };
  }
}
