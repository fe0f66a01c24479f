import { describe, expect, it } from "vitest";

import { fitDiff } from "../../src/storage/journal/change-statement.ts";

const bytes = (text: string) => new TextEncoder().encode(text).byteLength;
const of = (attribute: string, length: number) => ({ attribute, after: "é".repeat(length) });

describe("fitDiff", () => {
  it("keeps a diff that fits as it is", () => {
    const diff = [{ attribute: "active", before: true, after: false }];
    expect(JSON.parse(fitDiff(diff))).toEqual(diff);
  });

  it("leaves out the longest values first, and keeps the others", () => {
    const diff = [of("userName", 10), of("photos", 400), of("title", 12), of("addresses", 300)];
    expect(JSON.parse(fitDiff(diff))).toEqual([
      diff[0],
      { attribute: "photos", cut: true },
      diff[2],
      { attribute: "addresses", cut: true },
    ]);
  });

  it("leaves out no more than it has to", () => {
    const diff = [of("a", 200), of("b", 150), of("c", 100)];
    expect(JSON.parse(fitDiff(diff))).toEqual([{ attribute: "a", cut: true }, diff[1], diff[2]]);
  });

  it("names as many attributes as fit, and counts the rest", () => {
    const diff = Array.from({ length: 200 }, (_, at) => of(`attribute${at}`, 1));
    const told = JSON.parse(fitDiff(diff)) as { attribute?: string; more?: number }[];
    const last = told.at(-1);
    expect(told[0]).toEqual({ attribute: "attribute0", cut: true });
    expect(told.length - 1 + (last?.more ?? 0)).toBe(200);
  });

  it("never writes more than 750 bytes", () => {
    for (const lengths of [[1, 2, 3], [800], [400, 400, 400], Array<number>(90).fill(20)]) {
      expect(bytes(fitDiff(lengths.map((length, at) => of(`a${at}`, length))))).toBeLessThanOrEqual(
        750,
      );
    }
  });
});
