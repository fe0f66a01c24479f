import type { RendererObject, Token } from "marked";

import { headingId } from "./console-link.ts";
import type { Marks } from "./read-blocks.ts";

const PLACEHOLDER = /\{\{\w+\}\}/;
const HTML = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" } as const;

const isSpecial = (char: string): char is keyof typeof HTML => char in HTML;
const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (char) => (isSpecial(char) ? HTML[char] : char));

function textOf(tokens: readonly Token[]): string {
  return tokens
    .map((token) => ("tokens" in token && token.tokens ? textOf(token.tokens) : textIn(token)))
    .join("");
}
const textIn = (token: Token): string => ("text" in token ? String(token.text) : "");

/** How a guide looks in the console: its classes, captions, and the marks for the script that adds copy buttons. */
export function guideRenderer({ captions, pasted, links }: Marks): RendererObject {
  return {
    heading({ tokens, depth }) {
      const level = depth + 1;
      const id = headingId(textOf(tokens));
      return `<h${level} id="${id}">${this.parser.parseInline(tokens)}</h${level}>\n`;
    },
    list({ ordered, items }) {
      const body = items.map((item) => this.listitem(item)).join("");
      return ordered ? `<ol class="steps">\n${body}</ol>\n` : `<ul>\n${body}</ul>\n`;
    },
    table(table) {
      const { header, rows } = table;
      const labels = header.map(({ tokens }) => escape(textOf(tokens)));
      const head = header.map(
        ({ tokens }) => `<th scope="col">${this.parser.parseInline(tokens)}</th>`,
      );
      const body = rows.map((row) => {
        const cells = row.map(({ tokens }, column) => {
          const cell = this.parser.parseInline(tokens);
          return column === 0
            ? `<th scope="row">${cell}</th>`
            : `<td data-label="${labels[column] ?? ""}">${cell}</td>`;
        });
        return `<tr>${cells.join("")}</tr>\n`;
      });
      const caption = this.parser.parseInline([...(captions.get(table) ?? [])]).replace(/:$/, "");
      return (
        `<table class="data">\n<caption>${caption}</caption>\n` +
        `<thead><tr>${head.join("")}</tr></thead>\n<tbody>\n${body.join("")}</tbody>\n</table>\n`
      );
    },
    codespan(token) {
      const isPasted = pasted.has(token) || PLACEHOLDER.test(token.text);
      return `<code${isPasted ? " data-copy" : ""}>${escape(token.text)}</code>`;
    },
    // A block may be wider than a phone, and what scrolls must be reachable by keyboard.
    code({ text }) {
      return `<pre class="code" tabindex="0" data-copy><code>${escape(text)}</code></pre>\n`;
    },
    // A token that is shown only once may stand on the page: nothing may lead away from it, nor say where one was.
    link(token) {
      const text = this.parser.parseInline(token.tokens);
      const href = links.get(token);
      if (href === null || href === undefined) return text;
      const away = href.startsWith("https://") ? ' target="_blank" rel="noreferrer"' : "";
      return `<a href="${escape(href)}"${away}>${text}</a>`;
    },
    html({ raw }) {
      throw new Error(`HTML in a guide: ${raw}`);
    },
    image({ raw }) {
      throw new Error(`A picture in a guide: ${raw}`);
    },
  };
}
