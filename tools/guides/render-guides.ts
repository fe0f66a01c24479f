import { readFile } from "node:fs/promises";
import path from "node:path";

import { GUIDES } from "../../src/admin/console/connect/guides.ts";
import { renderGuide } from "./render-guide.ts";

const SOURCE = path.join(import.meta.dirname, "../../docs/idp");

/** Every guide as the fragment of HTML that the console shows, by its path in the repository. */
export async function renderGuides(): Promise<Map<string, string>> {
  const rendered = new Map<string, string>();
  for (const { id } of GUIDES) {
    const html = await renderGuide(`${id}.md`, (file) => readFile(path.join(SOURCE, file), "utf8"));
    rendered.set(`public/console/guides/${id}.html`, html);
  }
  return rendered;
}
