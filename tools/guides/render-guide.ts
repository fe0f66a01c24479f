import { Marked } from "marked";

import { guideRenderer } from "./guide-renderer.ts";
import { readBlocks, type ReadFile } from "./read-blocks.ts";

/**
 * One guide of docs/idp as a fragment of HTML: its headings one level lower, since the page has the `h1`, its parts
 * put in, placeholders left for the console to fill.
 */
export async function renderGuide(file: string, read: ReadFile): Promise<string> {
  const marked = new Marked();
  const { blocks, marks } = await readBlocks(marked, file, read);
  return marked.use({ renderer: guideRenderer(marks) }).parser(blocks);
}
