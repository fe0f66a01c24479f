import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";

import { invalidFilter, ScimError } from "../../src/scim/error.ts";
import { compareText } from "../../src/scim/filter/compare-text.ts";
import { lex } from "../../src/scim/filter/lex.ts";
import { matches } from "../../src/scim/filter/match.ts";
import { parseFilter } from "../../src/scim/filter/parse.ts";
import { parseSyntax } from "../../src/scim/filter/parse-syntax.ts";
import { printFilter } from "../../src/scim/filter/print.ts";
import type { JsonObject } from "../../src/scim/json.ts";
import { USER } from "../../src/scim/schema/resource-types.ts";
import { comparisons, filters, terms } from "./any-filter.ts";
import { BADGE } from "./badge.ts";
import { check } from "./runs.ts";
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

  it("finds no order between an instant and a stored text that is none", () => {
    const finds = (filter: string) => matches(parseFilter(filter, BADGE), { issued: "last year" });
    expect(finds('issued gt "2026-01-31T08:00:00Z"')).toBe(false);
    expect(finds('issued lt "2026-01-31T08:00:00Z"')).toBe(false);
    expect(finds("issued pr")).toBe(true);
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
  it("is the order of their code points", async () => {
    await check(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(
          Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))),
        );
      }),
      100,
    );
  });
});

const NO_FAULT = new ScimError(400, "invalidFilter", "");

describe("any filter", () => {
  it("is read from what it prints", async () => {
    await check(
      fc.property(filters, (filter) => {
        fc.pre(printFilter(filter).length <= 8192 && terms(filter) <= 50);
        expect(parseFilter(printFilter(filter), USER)).toEqual(filter);
      }),
      500,
    );
  });

  it("with ne finds exactly what the same one with eq does not find", async () => {
    const samples = fc.constantFrom("jyoung", "ANA@EX.ORG", "1", "work", true, false, null);
    await check(
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
      500,
    );
  });

  it.each([
    "(",
    "not (",
    '"',
    '"\\u0041',
    "\\",
    "a",
    " ",
    "[",
    "userName eq ",
    'userName eq "a" and ',
    "emails[type eq ",
  ])("is parsed in a number of steps that its length bounds: %s again and again", (piece) => {
    // Each character is asked for a fixed number of times, whatever stands around it: no step goes back.
    const input = piece.repeat(Math.floor(8192 / piece.length));
    expect(readsOf(input) / input.length).toBeLessThan(8);
  });

  it("is parsed by looking at each of its tokens a few times, at the caps too", () => {
    const term = `${"(".repeat(20)}title pr${")".repeat(20)}`;
    for (const input of [
      Array.from({ length: 50 }, () => term).join(" and "),
      Array.from({ length: 50 }, () => `not ${term.slice(1, -1)}`).join(" or "),
      `emails[${Array.from({ length: 50 }, () => 'type eq "a"').join(" or ")}]`,
    ]) {
      const { looks, tokens } = looksAtTokens(input);
      expect(looks / tokens).toBeLessThan(6);
    }
  });

  it("is matched by looking at each of its terms once", () => {
    const filter = parseFilter(
      Array.from({ length: 50 }, (_, index) => `userName eq "${index}"`).join(" or "),
      USER,
    );
    const hasOwn = vi.spyOn(Object, "hasOwn");
    matches(filter, people[0] ?? {});
    const looks = hasOwn.mock.calls.length;
    hasOwn.mockRestore();
    expect(looks).toBe(50);
  });

  it("throws nothing but ScimError, whatever the text", async () => {
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
    await check(
      fc.property(texts, (given) => {
        const error = thrownBy(() => parseFilter(given, USER));
        expect(error ?? NO_FAULT).toBeInstanceOf(ScimError);
        expect(error ?? NO_FAULT).toMatchObject({ status: 400, scimType: "invalidFilter" });
      }),
      2000,
    );
  });
});

/** How often the parser looks at a place in the list of tokens. */
function looksAtTokens(input: string): { looks: number; tokens: number } {
  const { tokens, end } = lex(input, invalidFilter);
  let looks = 0;
  const watched = new Proxy(tokens, {
    get(target, name, receiver) {
      looks += 1;
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  parseSyntax({ tokens: watched, end, fault: invalidFilter, index: 0, terms: 0 });
  return { looks, tokens: tokens.length };
}

/** How often the parser asks a text for one of its characters. */
function readsOf(input: string): number {
  const reads = vi.spyOn(String.prototype, "charAt");
  thrownBy(() => parseFilter(input, USER));
  const count = reads.mock.calls.length;
  reads.mockRestore();
  return count;
}
