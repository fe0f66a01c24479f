import { createTenant, type CreateTenantDeps } from "./create-tenant.ts";
import { SLUG_PATTERN } from "./tenant.ts";

/**
 * Makes the tenant of the secret SCIM_TOKEN at its first use, with the strict preset: a deployment that lives
 * without the admin API. One that is already there, made by hand or by a request at the same time, stays as it
 * is. A slug that cannot be one makes nothing.
 */
export async function ensureDefaultTenant(
  slug: string,
  deps: CreateTenantDeps,
): Promise<"created" | "present" | "not-a-slug"> {
  if (!SLUG_PATTERN.test(slug)) return "not-a-slug";
  const input = { slug, name: slug, organisation: null, preset: "generic", settings: {} } as const;
  const outcome = await createTenant(input, deps, {
    actor: { kind: "job", id: "default-tenant", hint: "SCIM_TOKEN" },
    requestId: deps.ids.next(),
  });
  return outcome.kind === "created" ? "created" : "present";
}
