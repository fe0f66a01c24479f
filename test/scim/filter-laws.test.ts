import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Filter } from "../../src/scim/filter/ast.ts";
import { matches } from "../../src/scim/filter/match.ts";
import type { JsonObject } from "../../src/scim/json.ts";
import { comparisons, elementFilters, filters, inBrackets } from "./any-filter.ts";
import { check } from "./runs.ts";
import table from "./filter-cases.json" with { type: "json" };

// JSON modules have no closed type; the table has this form.
const { people } = table as unknown as { people: JsonObject[] };
const person = fc.constantFrom(...people);

const not = (filter: Filter): Filter => ({ kind: "not", filter });
const and = (left: Filter, right: Filter): Filter => ({ kind: "and", left, right });
const or = (left: Filter, right: Filter): Filter => ({ kind: "or", left, right });

/** Two filters that must find the same people, made of any filters. */
type Law = readonly [name: string, left: Filter, right: Filter];

const laws = (a: Filter, b: Filter, c: Filter): Law[] => [
  ["double negation", not(not(a)), a],
  ["de Morgan, and", not(and(a, b)), or(not(a), not(b))],
  ["de Morgan, or", not(or(a, b)), and(not(a), not(b))],
  ["and over or", and(a, or(b, c)), or(and(a, b), and(a, c))],
  ["or over and", or(a, and(b, c)), and(or(a, b), or(a, c))],
  ["the order of and", and(a, b), and(b, a)],
  ["the order of or", or(a, b), or(b, a)],
  ["a contradiction", and(a, not(a)), and(b, not(b))],
];

describe("the people that a filter finds", () => {
  it("are those that its negation does not find, as the other laws of logic say", async () => {
    await check(
      fc.property(filters, filters, filters, person, (a, b, c, who) => {
        for (const [name, left, right] of laws(a, b, c))
          expect([name, matches(left, who)]).toEqual([name, matches(right, who)]);
      }),
      300,
    );
  });

  it("are for brackets with or those of either, and for brackets with and some of both", async () => {
    await check(
      fc.property(inBrackets, elementFilters, person, (brackets, other, who) => {
        const left = brackets.filter;
        const finds = (filter: Filter) => matches({ ...brackets, filter }, who);
        expect(finds(or(left, other))).toBe(finds(left) || finds(other));
        if (finds(and(left, other))) expect([finds(left), finds(other)]).toEqual([true, true]);
      }),
      300,
    );
  });

  it("are ordered: ge is gt or eq, le is lt or eq, and nobody is both below and above one value", async () => {
    const single = comparisons.filter(
      (filter) => filter.kind === "compare" && !filter.path.attribute.multiValued,
    );
    await check(
      fc.property(single, person, (filter, who) => {
        if (filter.kind !== "compare" || filter.value === null) return;
        const finds = (operator: typeof filter.operator) => matches({ ...filter, operator }, who);
        if (typeof filter.value !== "string") return;
        expect(finds("ge")).toBe(finds("gt") || finds("eq"));
        expect(finds("le")).toBe(finds("lt") || finds("eq"));
        expect(finds("lt") && finds("gt")).toBe(false);
      }),
      300,
    );
  });
});
