import type { PresetName } from "./presets.ts";
import type { Settings, SettingsOverrides } from "./settings.ts";

/** Okta refuses an underscore anywhere in a base URL, and a slug is part of one. */
export const SLUG_PATTERN = /^[a-z0-9-]{1,63}$/;

export type TenantStatus = "active" | "suspended" | "paused";

/** One SCIM integration, as administrators see it. */
export interface Tenant {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly organisation: string | null;
  readonly status: TenantStatus;
  readonly preset: PresetName;
  readonly settings: Settings;
  readonly createdAt: string;
}

export interface NewTenant {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly organisation: string | null;
  readonly preset: PresetName;
  readonly overrides: SettingsOverrides;
  readonly createdAt: string;
}

/**
 * A tenant as a request meets it: what the credential cache holds, and true only as long as the tenant's
 * epoch is still `epoch` (see fence.ts).
 */
export interface LiveTenant {
  readonly id: string;
  /** The tenant's number inside its database: first in every key there. */
  readonly key: number;
  readonly slug: string;
  /** `paused` while it is being moved, whatever its own status is. */
  readonly status: TenantStatus;
  /** On its way to another database: it may be read, and nothing may be written. */
  readonly isMoving: boolean;
  readonly preset: PresetName;
  readonly overrides: SettingsOverrides;
  /** Name of the D1 binding that holds everything of the tenant. */
  readonly database: string;
  readonly epoch: number;
  /** Of the tenant's own schemas and resource types; 0: it has none. */
  readonly catalogueVersion: number;
}
