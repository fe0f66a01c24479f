import { type BearerRefusal, readBearer } from "./bearer.ts";
import { isOneOf } from "./is-one-of.ts";

/** Who asks for an administrative operation. `hint` is for people who read the journal. */
export interface AdminPrincipal {
  readonly kind: "operator";
  readonly hint: string;
}

export type AdminAuthentication =
  | { readonly kind: "admitted"; readonly principal: AdminPrincipal }
  | { readonly kind: "refused"; readonly reason: BearerRefusal | "unknown-key" };

/**
 * The operator, when the header carries one of the values of ADMIN_TOKEN (two while it is being rotated).
 * Compared in constant time. Without any key nobody is admitted: a missing secret must not open the door.
 */
export async function authenticateAdmin(
  header: string | null,
  keys: readonly string[],
): Promise<AdminAuthentication> {
  const bearer = readBearer(header);
  if (bearer.kind === "refused") return bearer;
  if (!(await isOneOf(bearer.token, keys))) return { kind: "refused", reason: "unknown-key" };
  return { kind: "admitted", principal: { kind: "operator", hint: "operator" } };
}
