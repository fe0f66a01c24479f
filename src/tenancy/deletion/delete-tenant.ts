import type { Clock } from "../clock.ts";
import type { TenantStore } from "../ports.ts";
import { withLiveTenant } from "../with-live-tenant.ts";

/**
 * Deletes a tenant and all that it has: unreachable at once, its rows gone when the job has purged them, its slug
 * free. Who wants that types the slug once more; `unconfirmed` otherwise, also for a tenant that is not there.
 */
export async function deleteTenant(
  slug: string,
  confirm: string,
  { tenants, clock }: { readonly tenants: TenantStore; readonly clock: Clock },
): Promise<
  { readonly kind: "deleted"; readonly id: string } | { readonly kind: "unknown" | "unconfirmed" }
> {
  if (confirm !== slug) return { kind: "unconfirmed" };
  const deleted = await withLiveTenant(slug, tenants, async (tenant) => {
    await tenants.remove(tenant, new Date(clock.now()).toISOString());
    return { kind: "deleted", id: tenant.id } as const;
  });
  return deleted ?? { kind: "unknown" };
}
