import { describe, expect, it } from "vitest";

import { median, ratios, spread } from "../../tools/bench/median.ts";
import { perSecond } from "../../tools/bench/run-load.ts";

describe("the middle of numbers", () => {
  it.each([
    [[3], 3],
    [[9, 1, 2], 2],
    [[1, 10, 2, 3], 2.5],
    [[10, 9, 100], 10],
  ])("of %j is %d", (values, middle) => {
    expect(median(values)).toBe(middle);
  });

  it("of nothing is no number", () => {
    expect(median([])).toBeNaN();
  });

  it("leaves the values as they were", () => {
    const values = [3, 1, 2];
    expect(spread(values)).toEqual({ median: 2, least: 1, most: 3 });
    expect(values).toEqual([3, 1, 2]);
  });
});

describe("the share of the floor", () => {
  it("is taken within each round, so that a slow round does not count twice", () => {
    const floor = [1000, 100, 1000];
    const ours = [900, 90, 900];
    expect(spread(ratios(ours, floor))).toEqual({ median: 0.9, least: 0.9, most: 0.9 });
  });

  it("is a share of requests per second", () => {
    expect(perSecond({ answers: 50, errors: 0, milliseconds: 250 })).toBe(200);
  });
});
