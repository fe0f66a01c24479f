import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

const read = (file: string) => readFileSync(path.join(import.meta.dirname, file), "utf8");
const DOCUMENT = read("conformance.md");

/** As the document names a test: `file` "title". */
const NAMED = /`([\w./-]+\.(?:test\.ts|json))` "([^"]+)"/g;

/** The titles in a test file, as they are written there: those of a table with their placeholders. */
function titlesIn(source: string): string[] {
  const calls = source.matchAll(/(?:\bit|\bdescribe|\))\(\s*(["'`])((?:\\.|(?!\1).)*)\1\s*,/gs);
  return [...calls].map((found) => found[2] ?? "");
}

/** The names of the rows of a case table, or of a story. */
function namesIn(json: unknown): string[] {
  if (Array.isArray(json)) return json.flatMap(namesIn);
  if (typeof json !== "object" || json === null) return [];
  const own = "name" in json && typeof json.name === "string" ? [json.name] : [];
  return [...own, ...("cases" in json ? namesIn(json.cases) : [])];
}

const known = new Map<string, ReadonlySet<string>>();

function testsOf(file: string): ReadonlySet<string> {
  const tests =
    known.get(file) ??
    new Set(file.endsWith(".json") ? namesIn(JSON.parse(read(file))) : titlesIn(read(file)));
  known.set(file, tests);
  return tests;
}

const named = [...DOCUMENT.matchAll(NAMED)].map(([, file = "", title = ""]) => ({ file, title }));

/** The rows of the tables in a part of the document, without their headings. */
function rowsIn(text: string): string[] {
  const lines = text.split("\n").filter((line) => line.startsWith("|"));
  const isRule = (line: string | undefined) => line !== undefined && /^\|[ |:-]+$/.test(line);
  return lines.filter((line, at) => !isRule(line) && !isRule(lines[at + 1]));
}

/** The parts of the document by their headings; the last one is the summary. */
const parts = DOCUMENT.split(/^## .+$/m).slice(1);
const held = parts.slice(0, -1).map(rowsIn);
const summary = rowsIn(parts.at(-1) ?? "");

describe("the document of conformance", () => {
  it("names only tests that exist", () => {
    const missing = named.filter(
      ({ file, title }) =>
        !existsSync(path.join(import.meta.dirname, file)) || !testsOf(file).has(title),
    );
    expect(missing).toEqual([]);
    expect(named.length).toBeGreaterThan(150);
  });

  it("names a test, or says why there is none, for every clause", () => {
    const silent = held
      .flat()
      .filter((row) => row.search(NAMED) === -1 && !row.includes("| none: "));
    expect(silent).toEqual([]);
  });

  it("counts in its summary what it holds", () => {
    expect(summary.map((row) => Number(row.split("|").at(-2)))).toEqual(
      held.map((rows) => rows.length),
    );
  });
});
