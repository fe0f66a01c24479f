import { describe, expect, it } from "vitest";

import type { JsonObject } from "../../src/scim/json.ts";
import type { ResourceType } from "../../src/scim/schema/attribute.ts";
import { defineAttribute } from "../../src/scim/schema/define-attribute.ts";
import { keepImmutable } from "../../src/scim/value/keep-immutable.ts";
import { BADGE } from "./badge.ts";
import { readCases } from "./read-cases.ts";
import { thrownBy } from "./thrown-by.ts";

interface KeepCase {
  readonly name: string;
  readonly source: string;
  readonly before: JsonObject;
  readonly given: JsonObject;
  /** The document that is stored. */
  readonly document?: JsonObject;
  /** The attribute that the detail of a refusal names. */
  readonly refused?: string;
}

/** A badge with two extensions, and a complex attribute of which one part is immutable. */
const SEALED_BADGE: ResourceType = {
  ...BADGE,
  schema: {
    ...BADGE.schema,
    attributes: [
      ...BADGE.schema.attributes,
      defineAttribute("maker", "complex", "", {
        subAttributes: [
          defineAttribute("code", "string", "", { mutability: "immutable" }),
          defineAttribute("name", "string", ""),
        ],
      }),
      defineAttribute("marks", "string", "", { mutability: "immutable", multiValued: true }),
    ],
  },
  schemaExtensions: ["urn:example:Seal", "urn:example:Box"].map((id) => ({
    required: false,
    schema: {
      id,
      name: "Seal",
      description: "",
      attributes: [
        defineAttribute("stamp", "string", "", { mutability: "immutable" }),
        defineAttribute("color", "string", ""),
      ],
    },
  })),
};

describe("a PUT of what has immutable attributes", () => {
  const cases = readCases<KeepCase>("keep-immutable-cases.json");

  it.each(cases.filter(({ document }) => document))("$name ($source)", (row) => {
    const before = structuredClone(row.before);
    expect(keepImmutable(row.before, row.given, SEALED_BADGE)).toStrictEqual(row.document);
    expect(row.before).toStrictEqual(before);
  });

  it.each(cases.filter(({ refused }) => refused))("$name ($source)", (row) => {
    const error = thrownBy(() => keepImmutable(row.before, row.given, SEALED_BADGE));
    expect(error).toMatchObject({
      status: 400,
      scimType: "mutability",
      detail: expect.stringContaining(`"${row.refused}"`),
    });
  });
});
