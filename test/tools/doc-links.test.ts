import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { anchorOf } from "../../tools/guides/console-link.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const documents = ["README.md", ...globSync("{docs,test}/**/*.md", { cwd: ROOT })].sort();
const read = (file: string) =>
  readFileSync(path.join(ROOT, file), "utf8").replaceAll(/^```.*?^```/gms, "");

function anchorsOf(file: string): string[] {
  return [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, text]) => anchorOf(text ?? ""));
}

/** Links to files and headings of the repository that are not there. */
function brokenIn(file: string): string[] {
  const links = [...read(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, href]) => href ?? "");
  return links.filter((href) => {
    if (/^[a-z]+:/.test(href)) return false;
    const [target = "", anchor] = href.split("#");
    const there = target === "" ? file : path.join(path.dirname(file), target);
    if (!existsSync(path.join(ROOT, there))) return true;
    return anchor !== undefined && there.endsWith(".md") && !anchorsOf(there).includes(anchor);
  });
}

describe("the documents", () => {
  it.each(documents)("%s links only to what is there", (file) => {
    expect(brokenIn(file)).toEqual([]);
  });
});
