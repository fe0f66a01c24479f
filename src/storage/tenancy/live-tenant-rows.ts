import { sql } from "drizzle-orm";

import type { PresetName } from "../../tenancy/presets.ts";
import type { SettingsOverrides } from "../../tenancy/settings.ts";
import type { LiveTenant, TenantStatus } from "../../tenancy/tenant.ts";
import { tenantStates } from "../tables.ts";

/** A row of the fence: every column null where the tenant's state lies in another database. */
export interface StateRow {
  tenant_key: number | null;
  epoch: number;
  status: TenantStatus;
  preset: PresetName;
  overrides: string;
  catalogue_version: number;
  moving_to: string | null;
}

export const stateColumns = sql`${tenantStates}.tenant_key, ${tenantStates}.epoch, ${tenantStates}.status,
  ${tenantStates}.preset, ${tenantStates}.overrides, ${tenantStates}.catalogue_version, ${tenantStates}.moving_to`;

/** The guarantee of the cast: settings are parsed before they are stored. */
export const parseOverrides = (text: string): SettingsOverrides =>
  JSON.parse(text) as SettingsOverrides;

export const liveTenant = (
  tenant: { id: string; slug: string; database: string },
  state: StateRow & { tenant_key: number },
): LiveTenant => ({
  id: tenant.id,
  key: state.tenant_key,
  slug: tenant.slug,
  // Its own status stays in the row, for when it has arrived.
  status: state.moving_to === null ? state.status : "paused",
  isMoving: state.moving_to !== null,
  preset: state.preset,
  overrides: parseOverrides(state.overrides),
  database: tenant.database,
  epoch: state.epoch,
  catalogueVersion: state.catalogue_version,
});
