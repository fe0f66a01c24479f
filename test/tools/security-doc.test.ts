import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { NAMED_TEST, namedTests, rowsIn } from "../named-tests.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const DOCUMENT = readFileSync(path.join(ROOT, "docs/security.md"), "utf8");
/** What happened to others, threats, faults. */
const ROWS_OF: Record<string, number> = { V: 34, T: 23, R: 20 };

const cellsOf = (row: string) =>
  row
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
const rows = rowsIn(DOCUMENT)
  .map((row) => cellsOf(row))
  .filter(([id = ""]) => /^[VTR]\d+$/.test(id))
  .map(([id = "", what = "", rule = "", test = ""]) => ({ id, what, rule, test }));

/** A rule in words of its own, or that of another row. */
const isRule = (rule: string) => /^As [VTR]\d+\b/.test(rule) || rule.length > 20;
const isAnswered = ({ rule, test }: { rule: string; test: string }) =>
  test.search(NAMED_TEST) !== -1 && isRule(rule);
const isExplained = ({ test }: { test: string }) => /^none: .{20,}\.$/.test(test);

describe("the document of security", () => {
  it("has each row once, in order, with a few words", () => {
    const expected = Object.entries(ROWS_OF).flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, at) => `${letter}${at + 1}`),
    );
    expect(rows.map(({ id }) => id)).toEqual(expected);
    expect(rows.filter(({ what }) => what === "")).toEqual([]);
  });

  it("names only tests that exist", () => {
    const { named, missing } = namedTests(DOCUMENT);
    expect(missing).toEqual([]);
    expect(named.length).toBeGreaterThan(rows.length);
  });

  it("has a rule and a test for every row, or says why none applies", () => {
    const silent = rows.filter((row) => !isAnswered(row) && !isExplained(row));
    expect(silent.map(({ id }) => id)).toEqual([]);
  });

  it("names only files that exist", () => {
    const files = [...DOCUMENT.matchAll(/`((?:src|tools|migrations)\/[\w./-]+)(?<!\.test\.ts)`/g)];
    const missing = files
      .map(([, file = ""]) => file)
      .filter((file) => !existsSync(path.join(ROOT, file)));
    expect(missing).toEqual([]);
    expect(files.length).toBeGreaterThan(40);
  });
});
