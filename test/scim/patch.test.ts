import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ScimError } from "../../src/scim/error.ts";
import type { JsonObject, JsonValue } from "../../src/scim/json.ts";
import { applyPatch } from "../../src/scim/patch/apply.ts";
import { parsePatch } from "../../src/scim/patch/parse.ts";
import type { ResourceType } from "../../src/scim/schema/attribute.ts";
import { GROUP, USER } from "../../src/scim/schema/resource-types.ts";
import { BADGE } from "./badge.ts";
import { check } from "./runs.ts";
import { thrownBy } from "./thrown-by.ts";
import table from "./patch-cases.json" with { type: "json" };

interface PatchCase {
  name: string;
  /** The clause or the client that demands the behaviour. */
  source: string;
  type: "User" | "Group" | "Badge";
  /** The name of a document of the table. */
  given: string;
  ops?: JsonValue;
  /** The whole body, where it is the body that is tested. */
  body?: JsonValue;
  /** The attributes that differ afterwards; null for one that is gone. */
  changes?: JsonObject;
  error?: string;
  ignored?: string[];
}

// JSON modules have no closed type; the table has this form, and a row without it fails.
const { documents, cases } = table as unknown as {
  documents: Record<string, JsonObject>;
  cases: PatchCase[];
};
const TYPES: Record<PatchCase["type"], ResourceType> = { User: USER, Group: GROUP, Badge: BADGE };
const SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

function patch(document: JsonObject, ops: JsonValue, type: ResourceType = USER): JsonObject {
  return applyPatch(
    document,
    parsePatch({ schemas: [SCHEMA], Operations: ops }, type).operations,
    type,
  );
}

function documentOf(name: string): JsonObject {
  const document = documents[name];
  if (document === undefined) throw new Error(`The table has no document "${name}".`);
  return document;
}

function expected(document: JsonObject, changes: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries({ ...document, ...changes }).filter(([, value]) => value !== null),
  );
}

/** Runs a row of the table, and promises on the way that the document given stays as it is. */
function play({ type, given, ops, body }: PatchCase) {
  const document = documentOf(given);
  const before = structuredClone(document);
  try {
    const parsed = parsePatch(body ?? { schemas: [SCHEMA], Operations: ops ?? [] }, TYPES[type]);
    return {
      patched: applyPatch(document, parsed.operations, TYPES[type]),
      ignored: parsed.ignored,
    };
  } finally {
    expect(document).toEqual(before);
  }
}

describe("PATCH", () => {
  it.each(cases.filter(({ error }) => error === undefined))("$name ($source)", (row) => {
    const { patched, ignored } = play(row);
    expect(patched).toEqual(expected(documentOf(row.given), row.changes ?? {}));
    expect(ignored).toEqual(row.ignored ?? ignored);
  });

  it.each(cases.filter(({ error }) => error !== undefined))("$name ($source)", (row) => {
    expect(() => play(row)).toThrow(expect.objectContaining({ status: 400, scimType: row.error }));
  });

  it("accepts 1,000 operations and refuses 1,001", () => {
    const ops = (count: number) =>
      Array.from({ length: count }, () => ({ op: "replace", path: "title", value: "x" }));
    expect(patch({ userName: "bo" }, ops(1000))).toEqual({ userName: "bo", title: "x" });
    expect(() => patch({ userName: "bo" }, ops(1001))).toThrow(
      expect.objectContaining({ scimType: "invalidValue" }),
    );
  });

  it("accepts a thousand operations on a list of a thousand and refuses more work than that", () => {
    const emails = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ value: `a${index}@x.org` }));
    const ops = Array.from({ length: 1000 }, (_, index) => ({
      op: "remove",
      path: `emails[value eq "a${index}@x.org"]`,
    }));
    expect(patch({ userName: "bo", emails: emails(1000) }, ops)).toEqual({ userName: "bo" });
    expect(() => patch({ userName: "bo", emails: emails(5000) }, ops)).toThrow(
      expect.objectContaining({ scimType: "invalidValue" }),
    );
  });

  it("never repeats a value in the detail of an error", () => {
    const bad: JsonValue[] = [
      { op: "replace", path: "active", value: "private-value" },
      { op: "replace", path: 'emails[value eq "private-value"].display', value: "x" },
      { op: "replace", path: 'emails[type eq "private-value', value: "x" },
      { op: "replace", path: "name", value: ["private-value"] },
    ];
    for (const op of bad) {
      expect(() => patch({}, [op])).toThrow(
        expect.not.objectContaining({ detail: expect.stringContaining("private") }),
      );
    }
  });

  it("keeps new attributes in the order of the schema", () => {
    const patched = patch(documentOf("bo"), [
      { op: "add", path: "department", value: "Sales" },
      { op: "add", path: "title", value: "Nurse" },
      { op: "add", path: "externalId", value: "e" },
      { op: "add", path: "organization", value: "Org" },
    ]);
    expect(Object.keys(patched)).toEqual(["externalId", "userName", "title", ENTERPRISE]);
    expect(Object.keys(patched[ENTERPRISE] ?? {})).toEqual(["organization", "department"]);
  });

  it("refuses to remove an extension that the resource type requires, and takes any other change", () => {
    const type: ResourceType = {
      ...USER,
      schemaExtensions: USER.schemaExtensions.map((each) => ({ ...each, required: true })),
    };
    const before = { userName: "bo", [ENTERPRISE]: { department: "Retail" } };
    const run = (op: JsonValue) => patch(before, [op], type);
    expect(() => run({ op: "remove", path: ENTERPRISE })).toThrow(
      expect.objectContaining({ status: 400, scimType: "mutability" }),
    );
    expect(run({ op: "replace", path: `${ENTERPRISE}:department`, value: "Sales" })).toEqual({
      userName: "bo",
      [ENTERPRISE]: { department: "Sales" },
    });
    expect(patch({ userName: "bo" }, [{ op: "remove", path: ENTERPRISE }], type)).toEqual({
      userName: "bo",
    });
  });

  it("takes a single value that an older schema wrote for a list of one", () => {
    const older = { userName: "bo", emails: { value: "a@x.org" } };
    expect(patch(older, [{ op: "add", path: "emails", value: "b@x.org" }])).toEqual({
      userName: "bo",
      emails: [{ value: "a@x.org" }, { value: "b@x.org" }],
    });
  });

  it("leaves the first of two primary elements that an older version let in", () => {
    const emails = [
      { value: "a@x.org", primary: true },
      { value: "b@x.org", primary: true },
    ];
    expect(patch({ emails }, [{ op: "add", path: "emails", value: "c@x.org" }])).toEqual({
      emails: [
        { value: "a@x.org", primary: true },
        { value: "b@x.org", primary: false },
        { value: "c@x.org" },
      ],
    });
  });

  it("reaches no prototype through any name", () => {
    const body = JSON.parse(`{"Operations": [
      {"op": "add", "value": {"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}},
      {"op": "add", "value": {"urn:x:y:Z": {"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}}},
      {"op": "add", "value": {"urn:x:y:Z": {"deep": {"__proto__": {"polluted": 1}}}}},
      {"op": "add", "path": "urn:x:y:Z:constructor.prototype", "value": {"polluted": 1}},
      {"op": "add", "path": "name", "value": {"__proto__": {"polluted": 1}, "givenName": "A"}},
      {"op": "add", "path": "constructor.prototype", "value": {"polluted": 1}}
    ]}`) as JsonValue;
    const { operations } = parsePatch(body, USER);
    const patched = applyPatch({ userName: "bo" }, operations, USER);
    expect(Object.getPrototypeOf(patched)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(patched["name"])).toBe(Object.prototype);
    expect(JSON.stringify(patched)).not.toContain("__proto__");
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(() =>
      parsePatch({ Operations: [{ op: "add", path: "__proto__.polluted", value: 1 }] }, USER),
    ).toThrow(expect.objectContaining({ scimType: "invalidPath" }));
  });
});

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

const word = fc.constantFrom("work", "home", "other", "a@x.org", "b@x.org", "Ana", "ß", "İ", "😀");
const email = fc.record(
  { value: word, type: word, primary: fc.boolean(), display: word },
  { requiredKeys: ["value"] },
);
const setting = fc.oneof(
  fc.record({
    path: fc.constantFrom("title", "nickName", "name.givenName", `${ENTERPRISE}:department`),
    value: word,
  }),
  fc.record({
    path: fc.constantFrom("emails", "roles"),
    value: fc.array(email, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    path: fc
      .tuple(word, fc.constantFrom("value", "display"))
      .map(([type, sub]) => `emails[type eq "${type}"].${sub}`),
    value: word,
  }),
  fc.record({ path: fc.constant("name"), value: fc.record({ givenName: word, familyName: word }) }),
);
const document = fc.array(setting, { maxLength: 6 }).map((settings) =>
  patch(
    { userName: "bo" },
    settings.map((each) => ({ op: "add", ...each })),
  ),
);

/** Elements of a list, members of an object, or one single value. */
function countOf(value: JsonValue | undefined): number {
  if (value === undefined || value === null) return 0;
  return typeof value === "object" ? Object.keys(value).length : 1;
}

describe("PATCH, for any document", () => {
  it("keeps every attribute and every element when it adds", async () => {
    await check(
      fc.property(document, setting, (before, { path, value }) => {
        const after = patch(before, [{ op: "add", path, value }]);
        for (const [name, kept] of Object.entries(before)) {
          expect(countOf(after[name])).toBeGreaterThanOrEqual(countOf(kept));
        }
      }),
      100,
    );
  });

  it("changes nothing when it adds the same again", async () => {
    await check(
      fc.property(document, setting, (before, { path, value }) => {
        const once = patch(before, [{ op: "add", path, value }]);
        expect(patch(once, [{ op: "add", path, value }])).toEqual(once);
      }),
      100,
    );
  });

  it("changes nothing when it replaces by the same again", async () => {
    await check(
      fc.property(document, setting, (before, { path, value }) => {
        const once = patch(before, [{ op: "replace", path, value }]);
        expect(patch(once, [{ op: "replace", path, value }])).toEqual(once);
      }),
      100,
    );
  });

  it("sets an attribute to the same, whatever it held, when it removes and then adds", async () => {
    // Part of an element has another part beside it, which stays.
    const whole = setting.filter(({ path }) => !path.includes("["));
    await check(
      fc.property(document, whole, (before, { path, value }) => {
        const after = patch(before, [
          { op: "remove", path },
          { op: "add", path, value },
        ]);
        const expected = patch(patch(before, [{ op: "remove", path }]), [
          { op: "replace", path, value },
        ]);
        const alone = patch({ userName: "bo" }, [{ op: "add", path, value }]);
        expect(after).toEqual(expected);
        if (path === "emails" || path === "roles") expect(after[path]).toEqual(alone[path]);
        expect(patch(after, [{ op: "add", path, value }])).toEqual(after);
      }),
      100,
    );
  });

  it("leaves at most one primary element and nothing empty", async () => {
    const op = fc.constantFrom("add", "replace", "remove");
    await check(
      fc.property(
        document,
        fc.array(fc.tuple(op, setting), { maxLength: 8 }),
        (before, operations) => {
          const after = patch(
            before,
            operations.map(([name, each]) => ({ op: name, ...each })),
          );
          for (const value of Object.values(after)) {
            expect(countOf(value)).toBeGreaterThan(0);
            expect(JSON.stringify(value).split('"primary":true').length).toBeLessThanOrEqual(2);
          }
        },
      ),
      100,
    );
  });

  it("has the effect of its operations one by one", async () => {
    await check(
      fc.property(
        document,
        fc.array(setting, { minLength: 1, maxLength: 5 }),
        (before, settings) => {
          const operations = settings.map((each) => ({ op: "replace", ...each }));
          const oneByOne = operations.reduce(
            (current, operation) => patch(current, [operation]),
            before,
          );
          expect(patch(before, operations)).toEqual(oneByOne);
        },
      ),
      100,
    );
  });

  it("throws nothing but ScimError, whatever the body", async () => {
    const path = fc.oneof(
      fc.string(),
      fc.string().map((text) => `emails[${text}]`),
      fc.constantFrom("emails", "name", "id", ENTERPRISE),
    );
    const operation = fc.record(
      { op: fc.constantFrom("add", "Replace", "REMOVE", "x"), path, value: fc.jsonValue() },
      { requiredKeys: ["op"] },
    );
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record({ Operations: fc.array(operation, { maxLength: 4 }) }),
    );
    await check(
      fc.property(body, fc.constantFrom(USER, GROUP, BADGE), (given, type) => {
        // fast-check's JSON values are what `JSON.parse` returns.
        const run = () =>
          applyPatch({ userName: "bo" }, parsePatch(given as JsonValue, type).operations, type);
        expect(thrownBy(run) ?? new ScimError(400, undefined, "")).toBeInstanceOf(ScimError);
      }),
      1000,
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
