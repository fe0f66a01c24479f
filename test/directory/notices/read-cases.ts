import { readFileSync } from "node:fs";
import path from "node:path";

/** The rows of a case table beside the tests. The table is our own file, so that its type is what the test says. */
export function readCases<Case>(file: `${string}-cases.json`): Case[] {
  return JSON.parse(readFileSync(path.join(import.meta.dirname, file), "utf8")) as Case[];
}
