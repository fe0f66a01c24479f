import * as z from "zod";

import { Label } from "./label.ts";
import type { TenantStore } from "./ports.ts";
import { SettingsOverrides } from "./settings.ts";
import type { LiveTenant, Tenant } from "./tenant.ts";
import { withLiveTenant } from "./with-live-tenant.ts";

export const TenantChange = z.strictObject({
  name: Label.optional(),
  organisation: Label.nullable().optional(),
  status: z.enum(["active", "suspended", "paused"]).optional(),
  settings: SettingsOverrides.optional(),
});
export type TenantChange = z.output<typeof TenantChange>;

/**
 * Changes what is named and leaves the rest; settings are merged into the ones that the tenant chose before.
 * In force from the tenant's next request on. What is already so is not written, because every write makes all
 * cached admissions of the tenant worthless.
 */
export async function updateTenant(
  slug: string,
  change: TenantChange,
  { tenants }: { tenants: TenantStore },
): Promise<{ kind: "updated"; tenant: Tenant } | { kind: "unknown" }> {
  const updated = await withLiveTenant(slug, tenants, async (live) => {
    const tenant = await tenants.bySlug(slug);
    if (tenant === undefined) return undefined;
    const difference = differenceOf(tenant, live, change);
    return Object.keys(difference).length === 0 ? tenant : tenants.update(live, difference);
  });
  return updated === undefined ? { kind: "unknown" } : { kind: "updated", tenant: updated };
}

function differenceOf(tenant: Tenant, live: LiveTenant, change: TenantChange) {
  const { name, organisation, status } = change;
  const overrides = { ...live.overrides, ...change.settings };
  return {
    ...(name !== undefined && name !== tenant.name && { name }),
    ...(organisation !== undefined && organisation !== tenant.organisation && { organisation }),
    ...(status !== undefined && status !== live.status && { status }),
    ...(!isSame(overrides, live.overrides) && { overrides }),
  };
}

/** Both come out of the same schema and one out of the other, so their keys are in the same order. */
function isSame(left: SettingsOverrides, right: SettingsOverrides): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
