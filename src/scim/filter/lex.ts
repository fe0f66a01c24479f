import type { ScimError } from "../error.ts";

/** Caps of our own: RFC 7644 §7.2 asks a server to bound what an expensive filter may cost. */
export const MAX_FILTER_CHARACTERS = 8192;
export const MAX_FILTER_DEPTH = 20;
export const MAX_FILTER_TERMS = 50;

/** Makes the fault of its caller: `invalidFilter` for a query, `invalidPath` for a PATCH path. */
export type Fault = (detail: string) => ScimError;

/** A word is everything unquoted: a name, an operator, a number, or a value that somebody left unquoted. */
export interface Token {
  readonly kind: "word" | "string" | "(" | ")" | "[" | "]" | "end";
  /** Of a string: its value, with escapes resolved. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Tokens {
  readonly tokens: readonly Token[];
  /** What is found behind the last of them. */
  readonly end: Token;
}

/**
 * Cuts a filter (RFC 7644 §3.4.2.2) or a PATCH path (§3.5.2) into tokens, in one pass and without
 * backtracking, so that no input costs more than its length.
 */
export function lex(text: string, fault: Fault, maxCharacters = MAX_FILTER_CHARACTERS): Tokens {
  if (text.length > maxCharacters) {
    throw fault(`Longer than the ${maxCharacters} characters that this server accepts.`);
  }
  const tokens: Token[] = [];
  let depth = 0;
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (isSpace(char)) {
      at += 1;
      continue;
    }
    const token =
      char === '"' ? lexString(text, at, fault) : lexSymbolOrWord(text, at, char, fault);
    if (token.kind === "(" || token.kind === "[") depth += 1;
    if (token.kind === ")" || token.kind === "]") depth -= 1;
    if (depth > MAX_FILTER_DEPTH) {
      throw fault(`Nested deeper than ${MAX_FILTER_DEPTH} levels at ${position(token)}.`);
    }
    tokens.push(token);
    at = token.end;
  }
  return { tokens, end: { kind: "end", text: "", start: text.length, end: text.length } };
}

/** How an error names a place: the input itself is never repeated, it may hold personal data. */
export function position(token: Pick<Token, "start">): string {
  return `character ${token.start + 1}`;
}

function lexSymbolOrWord(text: string, start: number, char: string, fault: Fault): Token {
  if (char === "(" || char === ")" || char === "[" || char === "]") {
    return { kind: char, text: char, start, end: start + 1 };
  }
  if (FOREIGN_QUOTES.has(char)) {
    throw fault(`Put the value in double quotes (U+0022) at ${position({ start })}.`);
  }
  let end = start + 1;
  while (end < text.length && !endsWord(text.charAt(end))) end += 1;
  return { kind: "word", text: storable(text.slice(start, end), start, fault), start, end };
}

function lexString(text: string, start: number, fault: Fault): Token {
  // Pieces between escapes, joined once: appending character by character would copy for each.
  const pieces: string[] = [];
  let pieceStart = start + 1;
  let at = pieceStart;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '"') {
      pieces.push(text.slice(pieceStart, at));
      return { kind: "string", text: storable(pieces.join(""), start, fault), start, end: at + 1 };
    }
    if (char < " ")
      throw fault(
        `A control character must be written as an escape at ${position({ start: at })}.`,
      );
    if (char !== "\\") {
      at += 1;
      continue;
    }
    const escape = lexEscape(text, at, fault);
    pieces.push(text.slice(pieceStart, at), escape.text);
    at = escape.end;
    pieceStart = at;
  }
  throw fault(`The string that begins at ${position({ start })} has no closing quote.`);
}

/** RFC 8259 §7, which RFC 7644 §3.4.2.2 names for string values. */
function lexEscape(text: string, start: number, fault: Fault): { text: string; end: number } {
  const letter = text.charAt(start + 1);
  const simple = ESCAPES.get(letter);
  if (simple !== undefined) return { text: simple, end: start + 2 };
  const digits = text.slice(start + 2, start + 6);
  if (letter === "u" && HEX_4.test(digits)) {
    return { text: String.fromCharCode(Number.parseInt(digits, 16)), end: start + 6 };
  }
  throw fault(`Not a JSON escape at ${position({ start })}.`);
}

function storable(text: string, start: number, fault: Fault): string {
  if (!text.isWellFormed() || text.includes("\0")) {
    throw fault(
      `A NUL or an unpaired surrogate in the text that begins at ${position({ start })}.`,
    );
  }
  return text;
}

const HEX_4 = /^[0-9a-f]{4}$/i;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** A value in another quotation mark would be looked for with its marks, and found nowhere. */
const FOREIGN_QUOTES: ReadonlySet<string> = new Set("'`´‘’‚“”„«»");

function isSpace(char: string): boolean {
  return char === " " || char === "\t" || char === "\n" || char === "\r";
}

function endsWord(char: string): boolean {
  return (
    isSpace(char) || char === "(" || char === ")" || char === "[" || char === "]" || char === '"'
  );
}
