import { html } from "hono/html";

import { type Html, joined } from "./html.ts";

/** A table whose rows become cards on a narrow screen. The first cell of a row names it; an empty one shows nothing. */
export function dataTable(
  caption: string,
  [first = "", ...others]: readonly string[],
  rows: readonly (readonly [Html, ...(Html | "")[]])[],
): Html {
  const cell = (content: Html | "", column: number) =>
    content === ""
      ? html`<td></td>`
      : html`<td data-label="${others[column] ?? ""}">${content}</td>`;
  const heads = [first, ...others].map((name) => html`<th scope="col">${name}</th>`);
  const lines = rows.map(
    ([name, ...cells]) =>
      html`<tr>
        <th scope="row">${name}</th>
        ${cells.map(cell)}
      </tr>`,
  );
  return html`<table class="data">
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        ${heads}
      </tr>
    </thead>
    <tbody>
      ${joined(lines, "\n")}
    </tbody>
  </table>`;
}
