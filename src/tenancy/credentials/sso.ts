import { settingsOf } from "../presets.ts";
import type { LiveTenant } from "../tenant.ts";

/** Single sign-on is required and not active: no credential of SCIM is issued, because people could not sign in. */
export function isWaitingForSso(tenant: Pick<LiveTenant, "preset" | "overrides">): boolean {
  const settings = settingsOf(tenant.preset, tenant.overrides);
  return settings.ssoRequired && !settings.ssoActive;
}
