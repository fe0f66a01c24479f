import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ScimError } from "../../src/scim/error.ts";
import type { JsonObject, JsonValue } from "../../src/scim/json.ts";
import { requireAttributes } from "../../src/scim/value/required-attributes.ts";
import { readResource } from "../../src/scim/resource.ts";
import type { ResourceType } from "../../src/scim/schema/attribute.ts";
import { defineAttribute } from "../../src/scim/schema/define-attribute.ts";
import { GROUP, USER } from "../../src/scim/schema/resource-types.ts";
import { readCases } from "./read-cases.ts";
import { check } from "./runs.ts";
import { thrownBy } from "./thrown-by.ts";

interface ResourceCase {
  readonly name: string;
  readonly type: "User" | "Group";
  readonly body: JsonValue;
  readonly document?: JsonObject;
  readonly scimType?: string;
  readonly mentions?: string;
}

const BADGE: ResourceType = {
  ...GROUP,
  schemaExtensions: [
    {
      required: true,
      schema: {
        id: "urn:example:Badge",
        name: "Badge",
        description: "A badge.",
        attributes: [
          defineAttribute("color", "string", "The color.", { required: true }),
          defineAttribute("issuer", "complex", "Who gave it.", {
            subAttributes: [
              defineAttribute("code", "string", "The code.", { required: true }),
              defineAttribute("name", "string", "The name."),
            ],
          }),
        ],
      },
    },
  ],
};

describe("readResource", () => {
  for (const row of readCases<ResourceCase>("resource-cases.json")) {
    it(row.name, () => {
      const run = () => readResource(row.body, row.type === "User" ? USER : GROUP);
      if (row.document === undefined) {
        expect(thrownBy(run)).toMatchObject({
          status: 400,
          scimType: row.scimType,
          detail: expect.stringContaining(row.mentions ?? ""),
        });
      } else {
        const document = run();
        expect(JSON.stringify(document)).toBe(JSON.stringify(row.document));
        expect(Object.getPrototypeOf(document)).toBe(Object.prototype);
      }
    });
  }

  it("refuses a number in an unknown extension that JSON could not give back", () => {
    const body = { userName: "ana", "urn:example:Badge": { no: Infinity } };
    const error = thrownBy(() => readResource(body, USER));
    expect(error).toMatchObject({ status: 400, scimType: "invalidValue" });
  });

  it("does not repeat a long name in the detail of an error", () => {
    const body = { userName: "ana", [`urn:${"x".repeat(10_000)}`]: { a: "\0" } };
    expect(String(thrownBy(() => readResource(body, USER))).length).toBeLessThan(500);
  });

  it("throws nothing but ScimError and changes no prototype, and its document reads as itself", async () => {
    const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    const names = [
      "userName",
      "USERNAME",
      "name",
      "name.givenName",
      "emails",
      "emails.value",
      "manager",
      "schemas",
      enterprise,
      `${enterprise}:department`,
      "urn:x:y",
      "__proto__",
      "constructor",
      "toString",
      "a.b.c",
      ":",
      ".",
    ];
    const body = fc.dictionary(
      fc.oneof(fc.constantFrom(...names), fc.string()),
      fc.jsonValue({ maxDepth: 3 }),
    );
    await check(
      fc.property(body, (given) => {
        const source = JSON.parse(JSON.stringify({ userName: "ana", ...given })) as JsonValue;
        let document: JsonObject | undefined;
        try {
          document = readResource(source, USER);
        } catch (error) {
          expect(error).toBeInstanceOf(ScimError);
        }
        if (document !== undefined) expect(readResource(document, USER)).toStrictEqual(document);
        expect(Object.keys(Object.prototype)).toStrictEqual([]);
      }),
      500,
    );
  });
});

describe("requireAttributes", () => {
  it("asks for required extensions, their attributes and required sub-attributes that are present", () => {
    const detailOf = (document: JsonObject) =>
      String(thrownBy(() => requireAttributes(document, BADGE)));
    expect(detailOf({ displayName: "x" })).toContain('"urn:example:Badge" is required');
    expect(detailOf({ displayName: "x", "urn:example:Badge": {} })).toContain(
      '"urn:example:Badge:color"',
    );
    const incomplete = {
      displayName: "x",
      "urn:example:Badge": { color: "red", issuer: { name: "y" } },
    };
    expect(detailOf(incomplete)).toContain('"urn:example:Badge:issuer.code"');
    requireAttributes({ displayName: "x", "urn:example:Badge": { color: "red" } }, BADGE);
  });
});
