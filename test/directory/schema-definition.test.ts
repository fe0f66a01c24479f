import { describe, expect, it } from "vitest";

import { SchemaDefinition, schemaOf } from "../../src/directory/catalogue/schema-definition.ts";

const definition = (...attributes: object[]) => ({ name: "Badge", attributes });
const accepts = (...attributes: object[]) =>
  SchemaDefinition.safeParse(definition(...attributes)).success;

describe("the definition of a schema", () => {
  it("gives an attribute the defaults of the RFC", () => {
    const parsed = SchemaDefinition.parse(definition({ name: "color" }));
    expect(schemaOf("urn:example:Badge", parsed).attributes).toMatchObject([
      {
        name: "color",
        type: "string",
        multiValued: false,
        required: false,
        caseExact: false,
        mutability: "readWrite",
        returned: "default",
        uniqueness: "none",
      },
    ]);
  });

  it.each(["", "1st", "a b", "a.b", "ä", "$schema", "a:b", "_a", "a".repeat(101)])(
    "refuses the name %j",
    (name) => {
      expect(accepts({ name: "a1-_" }, { name: "$ref" })).toBe(true);
      expect(accepts({ name })).toBe(false);
    },
  );

  it("refuses a type that the RFC does not have", () => {
    expect(accepts({ name: "size", type: "integer" })).toBe(true);
    expect(accepts({ name: "size", type: "number" })).toBe(false);
  });

  it("refuses a sub-attribute that is complex", () => {
    const withPart = (part: object) => ({ name: "case", type: "complex", subAttributes: [part] });
    expect(accepts(withPart({ name: "lid" }))).toBe(true);
    expect(accepts(withPart({ name: "lid", type: "complex" }))).toBe(false);
    expect(
      accepts(withPart({ name: "lid", type: "complex", subAttributes: [{ name: "x" }] })),
    ).toBe(false);
  });
});
