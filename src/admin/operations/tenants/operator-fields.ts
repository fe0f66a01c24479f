import type { AdminPrincipal } from "../../../tenancy/admin-principal.ts";
import type { TenantChange } from "../../../tenancy/update-tenant.ts";
import type { Refusal } from "../../operation.ts";

/** What a tenant's administrator must not change: what the operator sells, and what protects the operator. */
const FIELDS = ["slug", "organisation", "preset", "status"] as const;
const SETTINGS = ["ssoRequired", "ssoActive"] as const;

/**
 * The refusal for a change that only the operator may make, naming the fields. The guard against mass
 * deactivation may be tuned by the tenant, but not switched off.
 */
export function onlyForTheOperator(
  { kind }: AdminPrincipal,
  change: TenantChange & { readonly slug?: unknown; readonly preset?: unknown },
): Refusal | undefined {
  if (kind === "operator") return undefined;
  const { settings = {} } = change;
  const named = [
    ...FIELDS.filter((field) => change[field] !== undefined),
    ...SETTINGS.filter((setting) => settings[setting] !== undefined),
    ...(settings.deactivationGuard === null ? ["deactivationGuard: null"] : []),
  ];
  if (named.length === 0) return undefined;
  return {
    kind: "forbidden",
    detail: `Only the operator of this deployment may change ${named.join(", ")}. Nothing was changed.`,
  };
}
