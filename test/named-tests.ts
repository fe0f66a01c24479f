import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** As a document names a test: `file` "title", the file below `test/`. */
export const NAMED_TEST = /`([\w./-]+\.(?:test\.ts|json))` "([^"]+)"/g;

const pathOf = (file: string) => path.join(import.meta.dirname, file);

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
  const read = () => readFileSync(pathOf(file), "utf8");
  const tests =
    known.get(file) ??
    new Set(file.endsWith(".json") ? namesIn(JSON.parse(read())) : titlesIn(read()));
  known.set(file, tests);
  return tests;
}

/** The tests that a document names, and those of them that are not there. */
export function namedTests(document: string) {
  const named = [...document.matchAll(NAMED_TEST)].map(([, file = "", title = ""]) => ({
    file,
    title,
  }));
  const missing = named.filter(
    ({ file, title }) => !existsSync(pathOf(file)) || !testsOf(file).has(title),
  );
  return { named, missing };
}

/** The rows of the tables in a part of a document, without their headings. */
export function rowsIn(text: string): string[] {
  const lines = text.split("\n").filter((line) => line.startsWith("|"));
  const isRule = (line: string | undefined) => line !== undefined && /^\|[ |:-]+$/.test(line);
  return lines.filter((line, at) => !isRule(line) && !isRule(lines[at + 1]));
}
