import { readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { NAMED_TEST, namedTests, rowsIn } from "./named-tests.ts";

const DOCUMENT = readFileSync(path.join(import.meta.dirname, "conformance.md"), "utf8");

/** The parts of the document by their headings; the last one is the summary. */
const parts = DOCUMENT.split(/^## .+$/m).slice(1);
const held = parts.slice(0, -1).map(rowsIn);
const summary = rowsIn(parts.at(-1) ?? "");

describe("the document of conformance", () => {
  it("names only tests that exist", () => {
    const { named, missing } = namedTests(DOCUMENT);
    expect(missing).toEqual([]);
    expect(named.length).toBeGreaterThan(150);
  });

  it("names a test, or says why there is none, for every clause", () => {
    const silent = held
      .flat()
      .filter((row) => row.search(NAMED_TEST) === -1 && !row.includes("| none: "));
    expect(silent).toEqual([]);
  });

  it("counts in its summary what it holds", () => {
    expect(summary.map((row) => Number(row.split("|").at(-2)))).toEqual(
      held.map((rows) => rows.length),
    );
  });
});
