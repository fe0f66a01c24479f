import * as z from "zod/mini";

import { PRESET_NAMES } from "../tenancy/presets.ts";
import { Settings } from "../tenancy/settings.ts";
import type { Tenant } from "../tenancy/tenant.ts";

/** A tenant on the wire. */
export const TenantView = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  organisation: z.nullable(z.string()),
  status: z.enum(["active", "suspended", "paused"]),
  preset: z.enum(PRESET_NAMES),
  settings: Settings.check(z.describe("The preset's values with the tenant's own on top.")),
  scimUrl: z.string().check(z.describe("The token says which tenant.")),
  tenantScimUrl: z.string().check(z.describe("Takes tokens of this tenant only.")),
  createdAt: z.string(),
});
export type TenantView = z.infer<typeof TenantView>;

/** Both URLs start from the configured address and never from the request's. */
export function tenantView(tenant: Tenant, publicUrl: string): TenantView {
  const { id, slug, name, organisation, status, preset, settings, createdAt } = tenant;
  return {
    id,
    slug,
    name,
    organisation,
    status,
    preset,
    settings,
    scimUrl: `${publicUrl}/api/v1/scim/v2`,
    tenantScimUrl: `${publicUrl}/api/v1/tenants/${slug}/scim/v2`,
    createdAt,
  };
}
