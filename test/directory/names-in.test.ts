import { describe, expect, it } from "vitest";

import { namesIn } from "../../src/directory/names-in.ts";
import type { ResourceType } from "../../src/scim/schema/attribute.ts";
import { defineAttribute } from "../../src/scim/schema/define-attribute.ts";
import { GROUP, USER } from "../../src/scim/schema/resource-types.ts";
import cases from "./names-in-cases.json" with { type: "json" };

const typeOf = (name: string, returned: "default" | "never"): ResourceType => ({
  name,
  endpoint: `/${name}s`,
  description: "",
  schemaExtensions: [],
  schema: {
    id: `urn:example:${name}`,
    name,
    description: "",
    attributes: [
      defineAttribute("displayName", "string", "", { returned }),
      defineAttribute("secret", "string", ""),
    ],
  },
});
const TYPES = [USER, GROUP, typeOf("Badge", "default"), typeOf("Vault", "never")];

describe("the names in a body that was refused", () => {
  it.each(cases)("are told of $body", ({ type = "User", given, names }) => {
    const resourceType = TYPES.find(({ name }) => name === type) ?? USER;
    const told = namesIn(resourceType, given);
    expect(told).toEqual(Object.entries(names).map(([attribute, after]) => ({ attribute, after })));
  });

  it("are told of no body at all, and are cut to 200 characters", () => {
    expect(namesIn(USER, undefined)).toEqual([]);
    const names = { userName: "a".repeat(201), externalId: "b".repeat(200) };
    expect(namesIn(USER, names)).toEqual([
      { attribute: "userName", after: "a".repeat(200) },
      { attribute: "externalId", after: "b".repeat(200) },
    ]);
  });
});
