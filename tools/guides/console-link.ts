import path from "node:path";

const GUIDE = /^([a-z-]+)\.md$/;

/** The id of a heading in the console, apart from the ids of the page around the guide. */
export const headingId = (text: string): string => `guide-${anchorOf(text)}`;

/** The anchor that GitHub gives a heading. */
export function anchorOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");
}

/**
 * Where a link of a guide leads to in the console: to another guide beside it, to a heading, or to another host.
 * null for a document that is not there.
 */
export function consoleLink(source: string, href: string): string | null {
  if (href.startsWith("https://")) return href;
  const [file = "", anchor] = href.split("#");
  const hash = anchor === undefined ? "" : `#guide-${anchor}`;
  if (file === "") return hash;
  const guide = GUIDE.exec(path.posix.join(path.posix.dirname(source), file))?.[1];
  return guide === undefined ? null : `${guide}${hash}`;
}
