import * as z from "zod";

import { Label } from "./label.ts";
import type { TenantStore } from "./ports.ts";
import { SettingsOverrides } from "./settings.ts";
import type { Tenant } from "./tenant.ts";

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
  const [tenant, live] = await Promise.all([tenants.bySlug(slug), tenants.liveBySlug(slug)]);
  if (tenant === undefined || live === undefined) return { kind: "unknown" };

  const overrides = { ...live.overrides, ...change.settings };
  const { name, organisation, status } = change;
  const difference = {
    ...(name !== undefined && name !== tenant.name && { name }),
    ...(organisation !== undefined && organisation !== tenant.organisation && { organisation }),
    ...(status !== undefined && status !== tenant.status && { status }),
    ...(!isSame(overrides, live.overrides) && { overrides }),
  };
  if (Object.keys(difference).length === 0) return { kind: "updated", tenant };

  const updated = await tenants.update(tenant.id, difference);
  return updated === undefined ? { kind: "unknown" } : { kind: "updated", tenant: updated };
}

/** Both come out of the same schema and one out of the other, so their keys are in the same order. */
function isSame(left: SettingsOverrides, right: SettingsOverrides): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
