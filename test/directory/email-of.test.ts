import { describe, expect, it } from "vitest";

import { emailOf, workEmailsOf } from "../../src/directory/people/email-of.ts";
import { userKeys } from "../../src/directory/people/user-keys.ts";
import type { JsonObject } from "../../src/scim/json.ts";
import { ENTERPRISE_USER_SCHEMA } from "../../src/scim/schema/enterprise-user.ts";
import { settingsOf } from "../../src/tenancy/presets.ts";

const user = (...emails: JsonObject[]): JsonObject => ({
  userName: "ana@corp.example.com",
  emails,
});

describe("emailOf", () => {
  const cases: [string, JsonObject, { email: string | null; rule: string }][] = [
    [
      "the work address, whatever is primary",
      user({ value: "h@x.org", primary: true }, { value: "w@x.org", type: "WORK" }),
      { email: "w@x.org", rule: "work" },
    ],
    [
      "the first of several work addresses",
      user({ value: "w1@x.org", type: "work" }, { value: "w2@x.org", type: "work", primary: true }),
      { email: "w1@x.org", rule: "work" },
    ],
    [
      "else the primary one",
      user({ value: "a@x.org", type: "home" }, { value: "b@x.org", primary: true }),
      { email: "b@x.org", rule: "primary" },
    ],
    [
      "else the first one",
      user({ value: "a@x.org", type: "home" }, { value: "b@x.org" }),
      { email: "a@x.org", rule: "first" },
    ],
    [
      "else a userName that is an address",
      { userName: "ana@x.org" },
      { email: "ana@x.org", rule: "userName" },
    ],
    ["else none", { userName: "ana" }, { email: null, rule: "none" }],
    [
      "none for a userName that only looks like one",
      { userName: "ana @x.org" },
      { email: null, rule: "none" },
    ],
  ];
  it.each(cases)("takes %s", (_rule, document, expected) => {
    expect(emailOf(document, "mail-then-username")).toEqual(expected);
  });

  it("looks at the userName alone where the tenant says so", () => {
    expect(emailOf(user({ value: "w@x.org", type: "work" }), "username")).toEqual({
      email: "ana@corp.example.com",
      rule: "userName",
    });
    expect(
      emailOf({ userName: "ana", emails: [{ value: "w@x.org" }] }, "username").email,
    ).toBeNull();
  });
});

describe("userKeys", () => {
  const settings = settingsOf("training", {});

  it("folds what look-ups compare and keeps what answers show", () => {
    const document: JsonObject = {
      userName: "JOSE\u0301",
      externalId: "Exact",
      emails: [
        { value: "Jose\u0301@Example.com", type: "work" },
        { value: "b@x.org", type: "Work" },
      ],
      [ENTERPRISE_USER_SCHEMA.id]: { department: "  Retail " },
    };
    expect(userKeys(document, settings)).toEqual({
      userNameKey: "josé",
      externalId: "Exact",
      email: "Jose\u0301@Example.com",
      emailKey: "josé@example.com",
      emailIsUnique: true,
      workEmailKey: "josé@example.com",
      severalWorkEmails: true,
      active: true,
      department: "Retail",
    });
    expect(workEmailsOf(document)).toHaveLength(2);
  });

  it.each([
    [
      "is ignored",
      { [ENTERPRISE_USER_SCHEMA.id]: { department: "Retail" } },
      settingsOf("generic", {}),
    ],
    ["is blank", { [ENTERPRISE_USER_SCHEMA.id]: { department: " \t" } }, settings],
    ["is absent", {}, settings],
  ])("has no department where the attribute %s", (_why, fields, chosen) => {
    expect(userKeys({ userName: "ana", ...fields }, chosen).department).toBeNull();
  });
});
