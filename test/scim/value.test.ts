import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ScimError } from "../../src/scim/error.ts";
import type { JsonValue } from "../../src/scim/json.ts";
import type { Attribute, SimpleAttribute } from "../../src/scim/schema/attribute.ts";
import { defineAttribute } from "../../src/scim/schema/define-attribute.ts";
import { findPath } from "../../src/scim/schema/find-attribute.ts";
import { USER } from "../../src/scim/schema/resource-types.ts";
import { USER_SCHEMA } from "../../src/scim/schema/user.ts";
import { normalizeSimple } from "../../src/scim/value/simple-value.ts";
import { normalizeValue } from "../../src/scim/value/value.ts";
import { readCases } from "./read-cases.ts";
import { check } from "./runs.ts";
import { thrownBy } from "./thrown-by.ts";

interface ValueCase {
  readonly name: string;
  readonly attribute: string;
  readonly value: JsonValue;
  /** Absent together with `fault`: the value means that there is none. */
  readonly expect?: JsonValue;
  /** What the detail of the error names. */
  readonly fault?: string;
}

interface SimpleCase {
  readonly type: SimpleAttribute["type"];
  readonly value: JsonValue;
  /** Absent: the value is refused. */
  readonly expect?: JsonValue;
}

function attributeOf(name: string): Attribute {
  const path = findPath(USER, name);
  if (path === undefined) throw new Error(`The table names an unknown attribute: ${name}`);
  return path.attribute;
}

describe("normalizeValue", () => {
  for (const { name, attribute, value, expect: expected, fault } of readCases<ValueCase>(
    "value-cases.json",
  )) {
    it(name, () => {
      const definition = attributeOf(attribute);
      const run = () => normalizeValue(definition, value, definition.name);
      if (fault === undefined) {
        const result = run();
        expect(result).toStrictEqual(expected);
        // Key order is a part of the promise.
        expect(JSON.stringify(result)).toBe(JSON.stringify(expected));
      } else {
        expect(thrownBy(run)).toMatchObject({
          status: 400,
          scimType: "invalidValue",
          detail: expect.stringContaining(`"${fault}"`),
        });
      }
    });
  }

  it("never repeats the value in the detail of an error", () => {
    const error = thrownBy(() => normalizeValue(attributeOf("active"), "s3cret-value", "active"));
    expect(String(error)).not.toContain("s3cret");
  });

  it("keeps a repeated simple value once", () => {
    const tags = defineAttribute("tags", "string", "Tags.", { multiValued: true });
    expect(normalizeValue(tags, ["a", "b", "a", " "], "tags")).toStrictEqual(["a", "b"]);
    expect(normalizeValue(tags, "a", "tags")).toStrictEqual(["a"]);
  });

  it("throws nothing but ScimError, changes no prototype and is the same when done twice", async () => {
    const attributes = [
      ...USER_SCHEMA.attributes,
      attributeOf("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"),
    ];
    const names = [
      "value",
      "type",
      "primary",
      "VALUE",
      "givenName",
      "__proto__",
      "constructor",
      "locality",
    ];
    const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
      json: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom<JsonValue>(
          null,
          true,
          "",
          " ",
          "True",
          0,
          -0,
          Infinity,
          "a\u0000",
          "\ud800",
          "QQ==",
        ),
        fc.string(),
        fc.array(tie("json"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...names), tie("json"), { maxKeys: 3 }),
      ),
    }));
    await check(
      fc.property(fc.constantFrom(...attributes), json, (attribute, value) => {
        const before = JSON.stringify(value);
        let once: JsonValue | undefined;
        try {
          once = normalizeValue(attribute, value, attribute.name);
        } catch (error) {
          expect(error).toBeInstanceOf(ScimError);
        }
        expect(JSON.stringify(value)).toBe(before);
        if (once !== undefined)
          expect(normalizeValue(attribute, once, attribute.name)).toStrictEqual(once);
        expect(Object.keys(Object.prototype)).toStrictEqual([]);
      }),
      100,
    );
  });
});

const simple = (type: SimpleAttribute["type"]): SimpleAttribute => ({
  ...defineAttribute("given", type, "A value."),
  type,
});

describe("normalizeSimple", () => {
  for (const { type, value, expect: expected } of readCases<SimpleCase>(
    "simple-value-cases.json",
  )) {
    const outcome = expected === undefined ? "refuses" : `makes ${JSON.stringify(expected)} of`;
    it(`${outcome} ${JSON.stringify(value)} as ${type}`, () => {
      const run = () => normalizeSimple(simple(type), value, "given");
      if (expected === undefined) {
        expect(thrownBy(run)).toMatchObject({
          status: 400,
          scimType: "invalidValue",
          detail: expect.stringContaining('"given"'),
        });
      } else {
        expect(run()).toBe(expected);
      }
    });
  }

  it("refuses a number that is too large for JSON", () => {
    expect(thrownBy(() => normalizeSimple(simple("decimal"), Infinity, "given"))).toBeInstanceOf(
      ScimError,
    );
  });
});
