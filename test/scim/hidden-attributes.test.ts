import { describe, expect, it } from "vitest";

import { ScimError } from "../../src/scim/error.ts";
import { parseFilter } from "../../src/scim/filter/parse.ts";
import { parseListQuery } from "../../src/scim/list/list-query.ts";
import { project } from "../../src/scim/list/projection.ts";
import { parsePatch } from "../../src/scim/patch/parse.ts";
import type { ResourceType } from "../../src/scim/schema/attribute.ts";
import { defineAttribute } from "../../src/scim/schema/define-attribute.ts";
import { GROUP, USER } from "../../src/scim/schema/resource-types.ts";
import { thrownBy } from "./thrown-by.ts";

const NEVER = { returned: "never" } as const;
const VAULT = "urn:example:params:scim:schemas:1.0:Vault";
const parts = [
  defineAttribute("value", "string", "", NEVER),
  defineAttribute("label", "string", ""),
];
const pin = defineAttribute("pin", "string", "", NEVER);
const level = defineAttribute("level", "integer", "", NEVER);
const seen = defineAttribute("seen", "dateTime", "", NEVER);

/** With every way in which something is never returned: simple, a part, the part that stands for the whole, all of it. */
const attributes = [
  pin,
  level,
  seen,
  defineAttribute("codes", "complex", "", { multiValued: true, subAttributes: parts }),
  defineAttribute("key", "complex", "", { subAttributes: parts }),
  defineAttribute("safe", "complex", "", { ...NEVER, subAttributes: [pin, level] }),
];
const schema = { id: VAULT, name: "Vault", description: "", attributes };
const VAULT_TYPE: ResourceType = { ...GROUP, name: "Vault", endpoint: "/Vaults", schema };
const EXTENDED: ResourceType = { ...USER, schemaExtensions: [{ schema, required: false }] };

const NAMES = ["pin", "level", "seen", "codes.value", "key.value", "safe.pin", "safe.level"];
const WHOLES = ["codes", "key", "safe"];
const OPERATORS = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];
const VALUES = ['"a"', '""', "1", "true", "null", '"2026-01-01T00:00:00Z"'];

/** Each name by itself in its own type, behind the URN in an extension, and in letters of another case. */
const PLACES: [ResourceType, string][] = NAMES.flatMap((name) => [
  [VAULT_TYPE, name],
  [VAULT_TYPE, name.toUpperCase()],
  [VAULT_TYPE, `${VAULT}:${name}`],
  [EXTENDED, `${VAULT}:${name}`],
  [EXTENDED, `${VAULT.toUpperCase()}:${name.toUpperCase()}`],
]);

const faultOf = (run: () => unknown) => {
  const fault = thrownBy(run);
  expect(fault).toBeInstanceOf(ScimError);
  return fault;
};
const expectRefused = (filter: string, type: ResourceType) =>
  expect([filter, faultOf(() => parseFilter(filter, type))]).toEqual([
    filter,
    expect.objectContaining({ status: 400, scimType: "invalidFilter" }),
  ]);

describe("what is never returned", { timeout: 30_000 }, () => {
  it("cannot be asked for by any operator, in any place of a filter", () => {
    const password: [ResourceType, string][] = [
      [USER, "password"],
      [USER, "PASSWORD"],
      [USER, `${USER.schema.id}:password`],
    ];
    for (const [type, name] of [...PLACES, ...password]) {
      const tests = [
        `${name} pr`,
        ...OPERATORS.flatMap((operator) => VALUES.map((value) => `${name} ${operator} ${value}`)),
      ];
      for (const test of tests) {
        const or = `id pr or ${test}`;
        for (const filter of [test, `not (${test})`, `id pr and ${test}`, or, `(${or})`])
          expectRefused(filter, type);
      }
    }
  });

  it("cannot be asked for between brackets, nor by the name of the whole", () => {
    for (const operator of OPERATORS) {
      for (const value of VALUES.filter((each) => each !== "null")) {
        const test = `${operator} ${value}`;
        for (const name of WHOLES) {
          const inner = name === "safe" ? "pin" : "value";
          for (const filter of [
            `${name}[${inner} ${test}]`,
            `${name}[not (${inner} ${test})]`,
            `${name} ${test}`,
          ]) {
            expectRefused(filter, VAULT_TYPE);
            expectRefused(`${VAULT}:${filter}`, EXTENDED);
          }
        }
        expectRefused(`codes[label pr].value ${test}`, VAULT_TYPE);
        expectRefused(`codes[label pr and value ${test}]`, VAULT_TYPE);
      }
    }
  });

  it("gives a list no order", () => {
    const orders: [ResourceType, string][] = [
      ...PLACES,
      ...WHOLES.map((name): [ResourceType, string] => [VAULT_TYPE, name]),
      [USER, "password"],
    ];
    for (const [type, sortBy] of orders) {
      expect([sortBy, faultOf(() => parseListQuery({ sortBy }, type))]).toEqual([
        sortBy,
        expect.objectContaining({ status: 400, scimType: "invalidPath" }),
      ]);
    }
  });

  it("chooses no element of a PATCH: whether there is a target would tell", () => {
    for (const operator of OPERATORS) {
      for (const [type, path] of [
        [VAULT_TYPE, `codes[value ${operator} "a"].label`],
        [EXTENDED, `${VAULT}:codes[value ${operator} "a"]`],
      ] as const) {
        const body = { Operations: [{ op: "replace", path, value: "x" }] };
        expect([path, faultOf(() => parsePatch(body, type))]).toEqual([
          path,
          expect.objectContaining({ status: 400, scimType: "invalidFilter" }),
        ]);
      }
    }
  });

  it("is in no answer, whatever is asked for", () => {
    const document = {
      id: "1",
      pin: "canary",
      level: 7,
      codes: [{ value: "canary", label: "shown" }],
      key: { value: "canary", label: "shown" },
      safe: { pin: "canary" },
    };
    const asked = [...NAMES, ...WHOLES].join(",");
    for (const params of [{}, { attributes: asked }, { attributes: `${asked},id` }]) {
      const { projection } = parseListQuery(params, VAULT_TYPE);
      expect(JSON.stringify(project(document, projection, VAULT_TYPE))).not.toMatch(/canary|7/);
    }
  });
});
