import { describe, expect, it } from "vitest";

import { parseArguments } from "../../tools/bench/parse-arguments.ts";

const ALL = ["budgets", "throughput", "peers"];

describe("the arguments of npm run bench", () => {
  it("are none for the report: two sizes, every part", () => {
    expect(parseArguments([])).toEqual({
      parts: ALL,
      sizes: [1000, 100_000],
      crowd: 125_000,
      quick: false,
      write: false,
    });
  });

  it("add a million people with --full, and the file with --write", () => {
    expect(parseArguments(["--full", "--write"])).toMatchObject({
      sizes: [1000, 100_000, 1_000_000],
      write: true,
    });
  });

  it("choose parts, in the order of the report", () => {
    expect(parseArguments(["--only", "peers", "--only=budgets"])).toMatchObject({
      parts: ["budgets", "peers"],
    });
  });

  it("replace every size by one for a quick look", () => {
    expect(parseArguments(["--users", "2000"])).toMatchObject({
      sizes: [2000],
      crowd: 2000,
      quick: true,
    });
  });

  it("ask for help", () => {
    expect(parseArguments(["--full", "--help"])).toBeUndefined();
  });

  it.each([
    [["--only", "peer"], "--only takes budgets, throughput, peers"],
    [["--users", "199"], "from 200 to 1000000"],
    [["--users", "1e4"], "--users takes a whole number"],
    [["--users", "1000", "--full"], "exclude each other"],
    [["--users", "1000", "--write"], "--write takes the whole report"],
    [["--only", "budgets", "--write"], "--write takes the whole report"],
    [["--fast"], "--fast"],
    [["fast"], "fast"],
  ])("%j is refused with a sentence", (argv, sentence) => {
    expect(parseArguments(argv)).toContain(sentence);
  });
});
