import * as z from "zod/mini";

import type { AttributeChange } from "../journal/change.ts";
import type { Clock, Ids } from "./clock.ts";
import type { AskedBy } from "./credentials/credential-entry.ts";
import { Label } from "./label.ts";
import type { TenantStore } from "./ports.ts";
import { PRESET_NAMES, settingsOf } from "./presets.ts";
import { diffSettings } from "./settings-changes/diff-settings.ts";
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

/**
 * Makes an active tenant, with the first row of its journal. A slug is taken for the whole deployment; the store
 * decides, so that two at once cannot both have it.
 */
export function createTenant(
  input: NewTenantInput,
  { tenants, clock, ids }: CreateTenantDeps,
  by: AskedBy,
): Promise<{ kind: "created"; tenant: Tenant } | { kind: "duplicate" }> {
  const { settings, ...rest } = input;
  const id = ids.next();
  const createdAt = new Date(clock.now()).toISOString();
  return tenants.create(
    { ...rest, id, overrides: settings, createdAt },
    {
      ...by,
      at: createdAt,
      operation: "create",
      resourceType: "Tenant",
      resourceId: id,
      outcome: "applied",
      status: 201,
      scimType: null,
      reason: null,
      diff: diffOf(input),
    },
  );
}

/** What was chosen: of the settings only those that the preset has otherwise. */
function diffOf({ slug, name, organisation, preset, settings }: NewTenantInput): AttributeChange[] {
  const facts = { name, organisation, status: "active" } as const;
  const chosen = diffSettings(
    { ...facts, settings: settingsOf(preset, {}) },
    { ...facts, settings: settingsOf(preset, settings) },
  );
  return [
    { attribute: "slug", after: slug },
    { attribute: "name", after: name },
    ...(organisation === null ? [] : [{ attribute: "organisation", after: organisation }]),
    { attribute: "preset", after: preset },
    ...chosen.map(({ attribute, after }) => ({ attribute, after })),
  ];
}
