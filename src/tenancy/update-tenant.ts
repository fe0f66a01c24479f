import * as z from "zod/mini";

import type { Actor } from "../journal/change.ts";
import { Label } from "./label.ts";
import type { Clock } from "./clock.ts";
import type { TenantStore } from "./ports.ts";
import { settingsOf } from "./presets.ts";
import { diffSettings } from "./settings-changes/diff-settings.ts";
import { settingsEffects } from "./settings-changes/settings-effects.ts";
import { SettingsOverrides } from "./settings.ts";
import type { LiveTenant, Tenant } from "./tenant.ts";
import { withLiveTenant } from "./with-live-tenant.ts";

export const TenantChange = z.strictObject({
  name: z.optional(Label),
  organisation: z.optional(z.nullable(Label)),
  status: z.optional(z.enum(["active", "suspended", "paused"])),
  settings: z.optional(SettingsOverrides),
});
export type TenantChange = z.output<typeof TenantChange>;

export type TenantUpdate =
  /** `recompute`: where columns of people follow from a setting that is another one now, and are to be rewritten. */
  | {
      readonly kind: "updated";
      readonly tenant: Tenant;
      readonly recompute: Pick<LiveTenant, "key" | "database"> | undefined;
    }
  | { readonly kind: "shared-addresses"; readonly people: number }
  | { readonly kind: "unknown" };

/**
 * Changes what is named and leaves the rest; settings are merged into the ones that the tenant chose before.
 * In force from the tenant's next request on. What is already so is not written, because every write makes all
 * cached admissions of the tenant worthless. Addresses cannot become unique while people share one.
 */
export async function updateTenant(
  slug: string,
  change: TenantChange,
  { tenants, clock }: { tenants: TenantStore; clock: Clock },
  by: { readonly actor: Actor; readonly requestId: string },
): Promise<TenantUpdate> {
  const outcome = await withLiveTenant(slug, tenants, async (live) => {
    const tenant = await tenants.bySlug(slug);
    if (tenant === undefined) return undefined;
    const difference = differenceOf(tenant, live, change);
    if (Object.keys(difference).length === 0) {
      return { kind: "updated" as const, tenant, recompute: undefined };
    }
    const before = { ...tenant, status: live.status, settings: settingsIn(live, live.overrides) };
    const { overrides, ...facts } = difference;
    const after = { ...before, ...facts, settings: settingsIn(live, overrides ?? live.overrides) };
    const effects = settingsEffects(before.settings, after.settings);
    const updated = await tenants.update(live, difference, {
      effects,
      entry: {
        ...by,
        at: new Date(clock.now()).toISOString(),
        operation: "settings",
        resourceType: "Tenant",
        resourceId: live.id,
        outcome: "applied",
        status: 200,
        scimType: null,
        reason: null,
        diff: diffSettings(before, after),
      },
    });
    return updated?.kind === "updated"
      ? { ...updated, recompute: effects.recompute ? live : undefined }
      : updated;
  });
  return outcome ?? { kind: "unknown" };
}

const settingsIn = ({ preset }: LiveTenant, overrides: SettingsOverrides) =>
  settingsOf(preset, overrides);

function differenceOf(tenant: Tenant, live: LiveTenant, change: TenantChange) {
  const { name, organisation, status } = change;
  const overrides = { ...live.overrides, ...change.settings };
  return {
    ...(name !== undefined && name !== tenant.name && { name }),
    ...(organisation !== undefined && organisation !== tenant.organisation && { organisation }),
    ...(status !== undefined && status !== tenant.status && { status }),
    ...(!isSame(overrides, live.overrides) && { overrides }),
  };
}

/** Both come out of the same schema and one out of the other, so their keys are in the same order. */
function isSame(left: SettingsOverrides, right: SettingsOverrides): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
