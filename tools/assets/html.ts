import { html } from "hono/html";

/** A piece of a page; what is put into it was escaped. */
export type Html = ReturnType<typeof html>;

/** The pieces with something between them. */
export const joined = (pieces: readonly Html[], between: string): Html[] =>
  pieces.map((piece, index) => (index === 0 ? piece : html`${between}${piece}`));
