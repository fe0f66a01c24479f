import * as z from "zod/mini";

import type { Clock, Ids } from "./clock.ts";
import { Label } from "./label.ts";
import type { TenantStore } from "./ports.ts";
import { PRESET_NAMES } from "./presets.ts";
import { SettingsOverrides } from "./settings.ts";
import { SLUG_PATTERN, type Tenant } from "./tenant.ts";

export const NewTenantInput = z.strictObject({
  slug: z
    .string()
    .check(z.regex(SLUG_PATTERN, "Use 1 to 63 of the characters a-z, 0-9 and hyphen.")),
  name: Label,
  organisation: z._default(z.nullable(Label), null),
  preset: z._default(z.enum(PRESET_NAMES), "generic"),
  settings: z._default(SettingsOverrides, {}),
});
export type NewTenantInput = z.output<typeof NewTenantInput>;

export interface CreateTenantDeps {
  readonly tenants: TenantStore;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Makes an active tenant. A slug is taken for the whole deployment; the store decides, so that two at once cannot both have it. */
export function createTenant(
  input: NewTenantInput,
  { tenants, clock, ids }: CreateTenantDeps,
): Promise<{ kind: "created"; tenant: Tenant } | { kind: "duplicate" }> {
  const { settings, ...rest } = input;
  return tenants.create({
    ...rest,
    id: ids.next(),
    overrides: settings,
    createdAt: new Date(clock.now()).toISOString(),
  });
}
