import { TenantFenced } from "./fence.ts";
import type { TenantStore } from "./ports.ts";
import type { LiveTenant } from "./tenant.ts";
import { StorageUnavailable } from "./unavailable.ts";

const ATTEMPTS = 5;

/**
 * Runs an administrative verb on a tenant as D1 knows it, and once more when the tenant changed in between (two
 * administrators at once): the fence says that nothing of the first run happened. Undefined: no such tenant.
 */
export async function withLiveTenant<Result>(
  slug: string,
  tenants: TenantStore,
  run: (tenant: LiveTenant) => Promise<Result>,
): Promise<Result | undefined> {
  for (let attempt = 1; ; attempt++) {
    const tenant = await tenants.liveBySlug(slug);
    if (tenant === undefined) return undefined;
    try {
      return await run(tenant);
    } catch (error) {
      if (!(error instanceof TenantFenced)) throw error;
      if (attempt === ATTEMPTS) throw new StorageUnavailable(1, { cause: error });
    }
  }
}
