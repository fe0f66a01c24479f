import { describe, expect, it } from "vitest";

import { matchBody } from "../scenarios/match-body.ts";

describe("matching an answer's body", () => {
  it.each<[string, unknown, unknown]>([
    ["an object that has more than is expected", { a: 1 }, { a: 1, b: 2 }],
    ["a list item by item", [{ a: 1 }, 2], [{ a: 1, b: 2 }, 2]],
    ["an absent member", { a: { $absent: true } }, {}],
    ["an empty list as empty", { a: { $empty: true } }, { a: [] }],
    [
      "a list by its length and an item of it",
      { $length: 2, $contains: [{ a: 1 }] },
      [{ a: 2 }, { a: 1 }],
    ],
    ["a list that lacks an item", { $lacks: [{ a: 3 }] }, [{ a: 2 }, { a: 1 }]],
    ["text by a pattern", { $matches: "^\\d+$" }, "42"],
    ["one of several values", { $oneOf: [1, "1"] }, "1"],
    ["anything but a value", { $not: "1" }, 1],
    ["$ref as an attribute, not as a marker", { $ref: null }, { $ref: null }],
  ])("accepts %s", (_, expected, actual) => {
    expect(matchBody(expected, actual)).toEqual([]);
  });

  it.each<[string, unknown, unknown, string]>([
    ["another type", { active: true }, { active: "True" }, 'body.active should be true, is "True"'],
    ["a missing member", { id: "1" }, {}, 'body.id should be "1", is absent'],
    ["a longer list", { a: [1] }, { a: [1, 2] }, "body.a should have 1 items, has 2: [1,2]"],
    [
      "null where the member must be absent",
      { a: { $absent: true } },
      { a: null },
      "body.a should be absent, is null",
    ],
    [
      "an empty value where there must be one",
      { a: { $empty: false } },
      { a: "" },
      'body.a should hold something, is ""',
    ],
    [
      "a list that has too few items",
      { $length: 1, $contains: [1] },
      [1, 2],
      "body should have 1 items, is [1,2]",
    ],
    ["no list where an item is expected", { $contains: [1] }, {}, "body should contain [1], is {}"],
    [
      "the item that must not be there",
      { $lacks: [1] },
      [1],
      "body should contain none of [1], is [1]",
    ],
    [
      "what an object inherits",
      { constructor: {} },
      {},
      "body.constructor should be an object, is absent",
    ],
    ["a list in place of an object", { a: {} }, { a: [] }, "body.a should be an object, is []"],
  ])("refuses %s and says where", (_, expected, actual, problem) => {
    expect(matchBody(expected, actual)).toEqual([problem]);
  });
});
