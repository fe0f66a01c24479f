import { globSync, readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { parseProductStory } from "../scenarios/story.ts";

const STORIES = path.join(import.meta.dirname, "../scenarios/products");
const ROWS_OF: Record<string, number> = { A: 14, B: 7, C: 8, D: 8 };

const read = (file: string) => readFileSync(path.join(STORIES, file), "utf8");

/** The table of the products' README: row, behaviour, file. */
const listed = [
  ...read("README.md").matchAll(/^\| ([A-Z]\d+) *\| (.*?) *\| \[(.+?)\]\((.+?)\) *\|$/gm),
].map(([, row = "", behaviour = "", text = "", file = ""]) => ({ row, behaviour, text, file }));

describe("the table of the products' rows", () => {
  it("has each row once, in order, with a few words", () => {
    const rows = Object.entries(ROWS_OF).flatMap(([product, count]) =>
      Array.from({ length: count }, (_, at) => `${product}${at + 1}`),
    );
    expect(listed.map(({ row }) => row)).toEqual(rows);
    expect(listed.filter(({ behaviour }) => behaviour === "")).toEqual([]);
  });

  it("links the story of that row", () => {
    const told = listed.map(({ file }) => {
      const story = parseProductStory(file, JSON.parse(read(file)));
      return {
        row: story.row,
        file,
        isNamedAfterIt: file.startsWith(`${story.row.toLowerCase()}-`),
      };
    });
    expect(told).toEqual(
      listed.map(({ row, text }) => ({ row, file: text, isNamedAfterIt: true })),
    );
  });

  it("names no other rows beside the tests in a browser", () => {
    const beside = [...read("README.md").matchAll(/^\| \[.+?\]\(.+?\) *\| (.+?) *\|/gm)];
    const rows = beside.flatMap(([, named = ""]) => named.split(", "));
    expect(rows.length).toBeGreaterThan(0);
    expect(listed.map(({ row }) => row)).toEqual(expect.arrayContaining(rows));
  });

  it("leaves out no story", () => {
    const files = globSync("*.json", { cwd: STORIES });
    expect(listed.map(({ file }) => file).sort()).toEqual(files.sort());
  });
});
