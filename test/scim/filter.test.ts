import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";

import { ScimError } from "../../src/scim/error.ts";
import type { AttributePath, Filter, FilterValue } from "../../src/scim/filter/ast.ts";
import { compareText } from "../../src/scim/filter/compare-text.ts";
import { matches } from "../../src/scim/filter/match.ts";
import { parseFilter } from "../../src/scim/filter/parse.ts";
import { printFilter } from "../../src/scim/filter/print.ts";
import type { JsonObject } from "../../src/scim/json.ts";
import type { Attribute, ResourceType } from "../../src/scim/schema/attribute.ts";
import { findPath, findSubAttribute } from "../../src/scim/schema/find-attribute.ts";
import { USER } from "../../src/scim/schema/resource-types.ts";
import { BADGE } from "./badge.ts";
import { thrownBy } from "./thrown-by.ts";
import table from "./filter-cases.json" with { type: "json" };

interface FilterTable {
  people: JsonObject[];
  /** `canonical` is how the filter prints, where it differs from what was sent. */
  matching: { source: string; filter: string; matches: string[]; canonical?: string }[];
  refused: { source: string; filter: string; detail: string }[];
}

// JSON modules have no closed type; the table has this form, and a row without it fails.
const { people, matching, refused } = table as unknown as FilterTable;

describe("a filter", () => {
  it.each(matching)("$filter finds $matches ($source)", ({ filter, matches: ids }) => {
    const parsed = parseFilter(filter, USER);
    expect(
      people.filter((person) => matches(parsed, person)).map((person) => person["id"]),
    ).toEqual(ids);
  });

  it.each(matching.filter(({ canonical }) => canonical !== undefined))(
    "$filter is the same as $canonical",
    ({ filter, canonical = "" }) => {
      expect(printFilter(parseFilter(filter, USER))).toBe(canonical);
    },
  );

  it.each(refused)("$filter is refused ($source)", ({ filter, detail }) => {
    expect(() => parseFilter(filter, USER)).toThrow(
      expect.objectContaining({
        status: 400,
        scimType: "invalidFilter",
        detail: expect.stringContaining(detail),
      }),
    );
  });

  it("compares numbers by their value and refuses what is no number of the type", () => {
    const finds = (filter: string) =>
      matches(parseFilter(filter, BADGE), { codes: [2, 30], weight: 1.5 });
    expect(finds("codes gt 20")).toBe(true);
    expect(finds("codes eq 2")).toBe(true);
    expect(finds("codes lt 2")).toBe(false);
    expect(finds("codes ne 3")).toBe(true);
    expect(finds("weight ge 1.5e0")).toBe(true);
    expect(finds("weight le -0")).toBe(false);
    for (const filter of [
      'codes eq "2"',
      "codes eq 1.5",
      "codes eq two",
      "codes co 2",
      "weight eq 1e999",
      "weight eq 01",
    ]) {
      expect(() => parseFilter(filter, BADGE)).toThrow(
        expect.objectContaining({ scimType: "invalidFilter" }),
      );
    }
  });

  it("prints and reads minus zero as zero", () => {
    const filter = parseFilter("weight eq -0", BADGE);
    expect(parseFilter(printFilter(filter), BADGE)).toStrictEqual(filter);
  });

  it("refuses a sub-attribute that is never returned", () => {
    for (const filter of ['owner.pin eq "1"', 'owner[pin sw "1"]', "owner.pin pr"]) {
      expect(() => parseFilter(filter, BADGE)).toThrow(
        expect.objectContaining({ scimType: "invalidFilter" }),
      );
    }
  });

  it("compares a binary as text, by equality alone", () => {
    const finds = (filter: string) => matches(parseFilter(filter, BADGE), { photo: "QUJD" });
    expect(finds('photo eq "QUJD"')).toBe(true);
    expect(finds('photo eq "qujd"')).toBe(false);
    expect(() => parseFilter('photo ge "QUJD"', BADGE)).toThrow(
      expect.objectContaining({ scimType: "invalidFilter" }),
    );
  });

  it("never finds an inherited property", () => {
    expect(
      matches(
        parseFilter("name pr", USER),
        Object.create({ name: { givenName: "A" } }) as JsonObject,
      ),
    ).toBe(false);
  });

  it("never repeats a value in the detail of an error", () => {
    for (const filter of [
      'userName eq "secret',
      'userName eq "secret" secret',
      "secret@x eq 1",
      'active eq "secret"',
      "userName secret secret",
    ]) {
      expect(() => parseFilter(filter, USER)).toThrow(
        expect.not.objectContaining({ detail: expect.stringContaining("secret") }),
      );
    }
  });
});

describe("the caps of a filter", () => {
  const refusal = (detail: string) =>
    expect.objectContaining({
      status: 400,
      scimType: "invalidFilter",
      detail: expect.stringContaining(detail),
    });

  it("accept 8,192 characters and refuse one more", () => {
    const ofLength = (length: number) => `userName eq "${"x".repeat(length - 14)}"`;
    expect(parseFilter(ofLength(8192), USER).kind).toBe("compare");
    expect(() => parseFilter(ofLength(8193), USER)).toThrow(refusal("8192"));
  });

  it("accept 20 levels and refuse one more", () => {
    const nested = (open: string, depth: number) =>
      `${open.repeat(depth)}title pr${")".repeat(depth)}`;
    expect(parseFilter(nested("(", 20), USER).kind).toBe("present");
    expect(parseFilter(nested("not (", 20), USER).kind).toBe("not");
    expect(() => parseFilter(nested("(", 21), USER)).toThrow(refusal("deeper than 20"));
    expect(() => parseFilter(nested("not (", 21), USER)).toThrow(refusal("deeper than 20"));
    expect(() => parseFilter(`${"(".repeat(20)}emails[type pr]${")".repeat(20)}`, USER)).toThrow(
      refusal("deeper than 20"),
    );
  });

  it("accept 50 comparisons and refuse one more", () => {
    const joined = (count: number) => Array.from({ length: count }, () => "title pr").join(" or ");
    expect(parseFilter(joined(50), USER).kind).toBe("or");
    expect(() => parseFilter(joined(51), USER)).toThrow(refusal("More than 50"));
    expect(() =>
      parseFilter(`emails[${Array.from({ length: 51 }, () => "type pr").join(" and ")}]`, USER),
    ).toThrow(refusal("More than 50"));
  });
});

describe("the order of texts", () => {
  it("is the order of their code points", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(
          Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))),
        );
      }),
    );
  });
});

const leaves = (type: ResourceType, names: readonly string[]): AttributePath[] =>
  names.map((name) => findPath(type, name)).filter((path) => path !== undefined);
const LEAVES: AttributePath[] = leaves(USER, [
  "userName",
  "active",
  "id",
  "schemas",
  "name.familyName",
  "emails.value",
  "meta.created",
  "x509Certificates.value",
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
]);
const PRESENT_ONLY: AttributePath[] = leaves(USER, [
  "emails",
  "name",
  "meta",
  "addresses.locality",
]);
const EMAILS: AttributePath[] = leaves(USER, ["emails"]);
const text = fc
  .string({ unit: "binary" })
  .filter((each) => each.isWellFormed() && !each.includes("\0"));

function valueOf(attribute: Attribute): fc.Arbitrary<FilterValue> {
  if (attribute.type === "boolean") return fc.boolean();
  if (attribute.type !== "dateTime") return text;
  return fc
    .date({
      min: new Date("0001-01-01T00:00:00Z"),
      max: new Date("9999-01-01T00:00:00Z"),
      noInvalidDate: true,
    })
    .map((date) => date.toISOString());
}

function comparison(path: AttributePath): fc.Arbitrary<Filter> {
  const leaf = path.subAttribute ?? path.attribute;
  const all = ["eq", "ne", "gt", "ge", "lt", "le", "co", "sw", "ew"] as const;
  const count =
    leaf.type === "boolean" || leaf.type === "binary" ? 2 : leaf.type === "dateTime" ? 6 : 9;
  const compare = fc.tuple(fc.constantFrom(...all.slice(0, count)), valueOf(leaf));
  const withNull = fc.tuple(
    fc.constantFrom("eq" as const, "ne" as const),
    fc.constant<FilterValue>(null),
  );
  return fc
    .oneof(compare, withNull)
    .map(([operator, value]) => ({ kind: "compare", path, operator, value }));
}

function tree(term: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> {
  return fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      term,
      fc.record({
        kind: fc.constantFrom("and" as const, "or" as const),
        left: tie("filter"),
        right: tie("filter"),
      }),
      fc.record({ kind: fc.constant("not" as const), filter: tie("filter") }),
    ),
  })).filter;
}

const present = fc
  .constantFrom(...LEAVES, ...PRESENT_ONLY)
  .map((path): Filter => ({ kind: "present", path }));
const elementPaths = EMAILS.flatMap(({ attribute }) =>
  ["type", "value", "primary"].flatMap((name) => findSubAttribute(attribute, name) ?? []),
).map((attribute): AttributePath => ({ extension: undefined, attribute, subAttribute: undefined }));
const inBrackets = fc.record({
  kind: fc.constant("valuePath" as const),
  path: fc.constantFrom(...EMAILS),
  filter: tree(fc.constantFrom(...elementPaths).chain(comparison)),
});
const filters = tree(fc.oneof(fc.constantFrom(...LEAVES).chain(comparison), present, inBrackets));

const NO_FAULT = new ScimError(400, "invalidFilter", "");

describe("any filter", () => {
  it("is read from what it prints", () => {
    fc.assert(
      fc.property(filters, (filter) => {
        fc.pre(printFilter(filter).length <= 8192 && terms(filter) <= 50);
        expect(parseFilter(printFilter(filter), USER)).toEqual(filter);
      }),
      { numRuns: 500 },
    );
  });

  it("with ne finds exactly what the same one with eq does not find", () => {
    const comparisons = fc.constantFrom(...LEAVES).chain(comparison);
    const samples = fc.constantFrom("jyoung", "ANA@EX.ORG", "1", "work", true, false, null);
    fc.assert(
      fc.property(
        comparisons,
        fc.option(samples, { nil: undefined }),
        fc.constantFrom(...people),
        (filter, sample, person) => {
          if (filter.kind !== "compare") return;
          const value = sample === undefined ? filter.value : sample;
          const [equal, unequal] = (["eq", "ne"] as const).map((operator) =>
            matches({ ...filter, operator, value }, person),
          );
          expect(unequal).toBe(!equal);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("is parsed in a number of steps that its length bounds", () => {
    // Each character is asked for a fixed number of times, whatever stands around it: no step goes back.
    for (const piece of [
      "(",
      "not (",
      '"',
      "\\",
      "a",
      " ",
      "[",
      "userName eq ",
      'userName eq "a" and ',
      "emails[type eq ",
    ]) {
      const input = piece.repeat(Math.floor(8192 / piece.length));
      expect(readsOf(input) / input.length).toBeLessThan(8);
    }
  });

  it("throws nothing but ScimError, whatever the text", () => {
    const pieces = fc.constantFrom(
      "userName",
      "emails",
      "[",
      "]",
      "(",
      ")",
      "not",
      "and",
      "or",
      "eq",
      "pr",
      '"a"',
      '"',
      ".value",
      " ",
      "true",
      "null",
      "\\",
      "urn:x:",
    );
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(pieces, { maxLength: 30 }).map((each) => each.join(" ")),
      fc.array(pieces, { maxLength: 30 }).map((each) => each.join("")),
    );
    fc.assert(
      fc.property(texts, (given) => {
        const error = thrownBy(() => parseFilter(given, USER));
        expect(error ?? NO_FAULT).toBeInstanceOf(ScimError);
        expect(error ?? NO_FAULT).toMatchObject({ status: 400, scimType: "invalidFilter" });
      }),
      { numRuns: 2000 },
    );
  });
});

function terms(filter: Filter): number {
  switch (filter.kind) {
    case "and":
    case "or":
      return terms(filter.left) + terms(filter.right);
    case "not":
    case "valuePath":
      return terms(filter.filter);
    case "present":
    case "compare":
      return 1;
  }
}

/** How often the parser asks a text for one of its characters. */
function readsOf(input: string): number {
  const reads = vi.spyOn(String.prototype, "charAt");
  thrownBy(() => parseFilter(input, USER));
  const count = reads.mock.calls.length;
  reads.mockRestore();
  return count;
}
