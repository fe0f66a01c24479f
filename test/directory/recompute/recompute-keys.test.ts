import { describe, expect, it } from "vitest";

import { recomputeKeys } from "../../../src/directory/recompute/recompute-keys.ts";
import { foldText } from "../../../src/scim/fold.ts";
import { ENTERPRISE_USER_SCHEMA } from "../../../src/scim/schema/enterprise-user.ts";
import { PRESETS } from "../../../src/tenancy/presets.ts";
import type { Settings } from "../../../src/tenancy/settings.ts";
import cases from "./recompute-keys-cases.json";

describe("recomputing people after a change of settings", () => {
  it.each(cases)("$does", ({ settings, people, emails, departments }) => {
    const stored = people.map(({ id, document, email, ...rest }) => {
      const { department = null, ...core } = document as Record<string, string>;
      return {
        id,
        version: 3,
        document: { ...core, [ENTERPRISE_USER_SCHEMA.id]: { department } },
        email,
        emailKey: email === null ? null : foldText(email),
        linked: "linked" in rest,
      };
    });
    const inForce = { ...PRESETS.generic, ...settings } as Settings;
    expect(recomputeKeys(stored, inForce)).toEqual({ emails, departments });
  });
});
