import { invalidValue } from "../error.ts";

/**
 * Refuses text that no database and no other client could hold: the NUL character, at which SQLite's text
 * functions stop, and halves of surrogate pairs, which have no UTF-8 form (RFC 7493 §2.1).
 */
export function requireWellFormed(text: string, where: string): string {
  if (text.includes("\0")) {
    throw invalidValue(
      `The value of "${where}" contains the character NUL, which is not accepted. Remove it at the source.`,
    );
  }
  if (!text.isWellFormed()) {
    throw invalidValue(
      `The value of "${where}" contains a broken Unicode character (half of a surrogate pair).`,
    );
  }
  return text;
}
