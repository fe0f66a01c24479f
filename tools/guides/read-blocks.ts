import path from "node:path";

import type { Marked, Token, Tokens } from "marked";

import { consoleLink } from "./console-link.ts";

/** Reads a file by its path below docs/idp. */
export type ReadFile = (file: string) => Promise<string>;

/** What is known of tokens beyond what Markdown says of them. */
export interface Marks {
  readonly captions: Map<Token, readonly Token[]>;
  /** Code that fills a cell of the column "Value": somebody will paste it. */
  readonly pasted: Set<Token>;
  /** Where a link leads to in the console; null where there is nothing to lead to. */
  readonly links: Map<Token, string | null>;
}

export interface Blocks {
  readonly blocks: Token[];
  readonly marks: Marks;
}

/** The tokens of a guide with those of its parts in their places. */
export async function readBlocks(marked: Marked, file: string, read: ReadFile): Promise<Blocks> {
  const marks: Marks = { captions: new Map(), pasted: new Set(), links: new Map() };

  async function blocksOf(source: string): Promise<Token[]> {
    const tokens = marked.lexer(await read(source));
    void marked.walkTokens(tokens, (token) => {
      if (isLink(token)) marks.links.set(token, consoleLink(source, token.href));
      if (isTable(token)) for (const code of pastedIn(token)) marks.pasted.add(code);
      if (isContainer(token)) token.tokens = captioned(token.tokens, marks, source);
    });
    const whole: Token[] = [];
    for (const token of captioned(tokens, marks, source)) {
      const target = isParagraph(token) ? wholeLink(source, token) : undefined;
      if (target === undefined) whole.push(token);
      else if (target !== "README.md") whole.push(...(await blocksOf(target)));
    }
    return whole;
  }

  return { blocks: await blocksOf(file), marks };
}

const isLink = (token: Token): token is Tokens.Link => token.type === "link";
const isTable = (token: Token): token is Tokens.Table => token.type === "table";
const isParagraph = (token: Token): token is Tokens.Paragraph => token.type === "paragraph";
const isContainer = (token: Token): token is Tokens.ListItem | Tokens.Blockquote =>
  token.type === "list_item" || token.type === "blockquote";

/**
 * The file that a paragraph stands for which is nothing but a link to it: a part, or the README, whose link is for
 * readers of the repository alone.
 */
function wholeLink(source: string, { tokens }: Tokens.Paragraph): string | undefined {
  const [only, ...others] = tokens;
  if (only === undefined || others.length > 0 || !isLink(only)) return undefined;
  const target = path.posix.join(path.posix.dirname(source), only.href.replace(/#.*/, ""));
  return target.startsWith("parts/") || target === "README.md" ? target : undefined;
}

/** Takes the line before each table for its caption. A table without one is a mistake of whoever wrote it. */
function captioned(tokens: readonly Token[], { captions }: Marks, source: string): Token[] {
  const kept: Token[] = [];
  for (const token of tokens.filter(({ type }) => type !== "space")) {
    if (isTable(token)) {
      const before = kept.pop();
      const inline = before && "tokens" in before ? before.tokens : undefined;
      if (!before?.raw.trim().endsWith(":") || inline === undefined) {
        throw new Error(`${source}: a table needs a line before it that ends with a colon`);
      }
      captions.set(token, inline);
    }
    kept.push(token);
  }
  return kept;
}

function pastedIn({ header, rows }: Tokens.Table): Token[] {
  const column = header.findIndex(({ text }) => text === "Value");
  return rows.flatMap((row) => {
    const cell = row[column]?.tokens ?? [];
    return cell.length === 1 ? cell.filter(({ type }) => type === "codespan") : [];
  });
}
