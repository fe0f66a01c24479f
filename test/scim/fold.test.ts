import fc from "fast-check";
import { expect, it } from "vitest";

import { foldText } from "../../src/scim/fold.ts";
import { check } from "./runs.ts";

it("folds letter case and the two ways to write an accent to the same text", () => {
  expect(foldText("ANA@Example.COM")).toBe("ana@example.com");
  expect(foldText("Zo\u00cb")).toBe(foldText("zoe\u0308"));
  expect(foldText("J\u030c")).toBe(foldText("\u01f0"));
  expect(foldText("ΝΙΚΟΣ")).toBe(foldText("νικοσ"));
  expect(foldText("νικος")).toBe(foldText("νικοσ"));
});

it("keeps apart what differs in more than letter case", () => {
  expect(foldText("Zoë")).not.toBe(foldText("Zoe"));
  expect(foldText("ana ")).not.toBe(foldText("ana"));
});

it("changes nothing when done twice, whatever the text", async () => {
  await check(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(foldText(foldText(text))).toBe(foldText(text));
      expect(foldText(text.normalize("NFD"))).toBe(foldText(text));
    }),
    100,
  );
});
