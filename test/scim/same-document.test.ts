import { expect, it } from "vitest";

import { sameDocument } from "../../src/scim/value/same-document.ts";

it("ignores the order of keys and of multi-valued values", () => {
  const a = { userName: "ana", emails: [{ value: "a", type: "work" }, { value: "b" }] };
  const b = { emails: [{ value: "b" }, { type: "work", value: "a" }], userName: "ana" };
  expect(sameDocument(a, b)).toBe(true);
});

it("sees every difference in a value, a type, a name and a number of elements", () => {
  const document = { a: "1", b: [1, 1, 2] };
  expect(sameDocument(document, { a: 1, b: [1, 1, 2] })).toBe(false);
  expect(sameDocument(document, { a: "1", b: [1, 2, 2] })).toBe(false);
  expect(sameDocument(document, { a: "1", b: [1, 2] })).toBe(false);
  expect(sameDocument(document, { A: "1", b: [1, 1, 2] })).toBe(false);
  expect(sameDocument(document, { a: "1", b: [1, 1, 2], c: null })).toBe(false);
  expect(sameDocument({ a: ['1","2'] }, { a: ["1", "2"] })).toBe(false);
});
