import { describe, expect, it } from "vitest";

import { PRESETS } from "../../src/tenancy/presets.ts";
import type { Settings } from "../../src/tenancy/settings.ts";
import {
  diffSettings,
  type TenantFacts,
} from "../../src/tenancy/settings-changes/diff-settings.ts";
import { settingsEffects } from "../../src/tenancy/settings-changes/settings-effects.ts";
import diffCases from "./diff-settings-cases.json";
import effectCases from "./settings-effects-cases.json";

const settingsWith = (some: object): Settings => ({ ...PRESETS.generic, ...some });

describe("the diff of a change of settings", () => {
  const acme: TenantFacts = {
    name: "Acme",
    organisation: null,
    status: "active",
    settings: PRESETS.generic,
  };
  it.each(diffCases)("$does", ({ change, diff }) => {
    const { settings = {}, ...facts } = change as Partial<TenantFacts>;
    const after = { ...acme, ...facts, settings: settingsWith(settings) };
    expect(diffSettings(acme, after)).toEqual(diff);
  });
});

describe("what a change of settings does to people's rows:", () => {
  it.each(effectCases)("$does", ({ before, after, addresses, recompute }) => {
    expect(settingsEffects(settingsWith(before), settingsWith(after))).toEqual({
      addresses,
      recompute,
    });
  });
});
