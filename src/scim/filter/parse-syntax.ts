import type { CompareOperator } from "./ast.ts";
import { type Fault, MAX_FILTER_TERMS, position, type Token, type Tokens } from "./lex.ts";
import type { SyntaxName, SyntaxTest, SyntaxTree } from "./syntax-tree.ts";

/** A place in a list of tokens. */
export interface Cursor extends Tokens {
  readonly fault: Fault;
  index: number;
  terms: number;
}

/**
 * Reads a whole filter by the grammar of RFC 7644 §3.4.2.2 (figure 1): `not` binds tighter than `and`,
 * `and` tighter than `or`, both from left to right. Recursion is bounded by the lexer's depth cap.
 */
export function parseSyntax(cursor: Cursor): SyntaxTree {
  const tree = parseOr(cursor, "filter");
  const rest = peek(cursor);
  if (rest.kind !== "end")
    throw cursor.fault(`Expected "and", "or" or the end at ${position(rest)}.`);
  return tree;
}

/** Reads `[ valFilter ]`, the cursor being on the opening bracket, and leaves it behind the closing one. */
export function parseBrackets(cursor: Cursor): SyntaxTree {
  take(cursor);
  const inner = parseOr(cursor, "brackets");
  expectKind(cursor, "]");
  return inner;
}

/** Reads the `.sub` that touches a closing bracket, without its dot; undefined when there is none. */
export function parseBehindBrackets(cursor: Cursor): SyntaxName | undefined {
  const closing = cursor.tokens[cursor.index - 1];
  const token = peek(cursor);
  if (token.kind !== "word" || !token.text.startsWith(".") || token.start !== closing?.end)
    return undefined;
  take(cursor);
  return { text: token.text.slice(1), start: token.start + 1 };
}

export function peek(cursor: Cursor): Token {
  return cursor.tokens[cursor.index] ?? cursor.end;
}

/** RFC 7644 figure 1: inside brackets stands a `valFilter`, in which there are no brackets again. */
type Place = "filter" | "brackets";

function parseOr(cursor: Cursor, place: Place): SyntaxTree {
  let left = parseAnd(cursor, place);
  while (takeKeyword(cursor, "or")) left = { kind: "or", left, right: parseAnd(cursor, place) };
  return left;
}

function parseAnd(cursor: Cursor, place: Place): SyntaxTree {
  let left = parseFactor(cursor, place);
  while (takeKeyword(cursor, "and"))
    left = { kind: "and", left, right: parseFactor(cursor, place) };
  return left;
}

function parseFactor(cursor: Cursor, place: Place): SyntaxTree {
  const token = peek(cursor);
  if (token.kind === "(") return parseGroup(cursor, place);
  if (isKeyword(token, "not")) {
    take(cursor);
    return { kind: "not", inner: parseGroup(cursor, place) };
  }
  return parseTerm(cursor, place);
}

function parseGroup(cursor: Cursor, place: Place): SyntaxTree {
  expectKind(cursor, "(");
  const inner = parseOr(cursor, place);
  expectKind(cursor, ")");
  return inner;
}

function parseTerm(cursor: Cursor, place: Place): SyntaxTree {
  const token = expectKind(cursor, "word");
  const name = { text: token.text, start: token.start };
  if (peek(cursor).kind !== "[") return { kind: "term", name, test: parseTest(cursor) };
  if (place === "brackets")
    throw cursor.fault(`Brackets inside brackets at ${position(peek(cursor))}.`);
  const inner = parseBrackets(cursor);
  const sub = parseBehindBrackets(cursor);
  const behind = sub && { name: sub, test: parseTest(cursor) };
  return { kind: "valuePath", name, inner, behind };
}

function parseTest(cursor: Cursor): SyntaxTest {
  const token = peek(cursor);
  cursor.terms += 1;
  if (cursor.terms > MAX_FILTER_TERMS) {
    throw cursor.fault(`More than ${MAX_FILTER_TERMS} comparisons at ${position(token)}.`);
  }
  if (isKeyword(token, "pr")) {
    take(cursor);
    return { kind: "present" };
  }
  const operator = token.kind === "word" ? OPERATORS.get(token.text.toLowerCase()) : undefined;
  if (operator === undefined) {
    throw cursor.fault(
      `Expected an operator (eq, ne, co, sw, ew, gt, ge, lt, le, pr) at ${position(token)}.`,
    );
  }
  take(cursor);
  const value = peek(cursor);
  if (value.kind !== "string" && value.kind !== "word") {
    throw cursor.fault(`Expected a value to compare with at ${position(value)}.`);
  }
  take(cursor);
  return {
    kind: "compare",
    operator,
    value: { quoted: value.kind === "string", text: value.text, start: value.start },
  };
}

const OPERATORS: ReadonlyMap<string, CompareOperator> = new Map(
  (["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"] as const).map((operator) => [
    operator,
    operator,
  ]),
);

const DESCRIPTIONS = {
  word: "an attribute name",
  "(": 'an opening parenthesis "("',
  ")": 'a closing parenthesis ")"',
  "]": 'a closing bracket "]"',
} as const;

function expectKind(cursor: Cursor, kind: keyof typeof DESCRIPTIONS): Token {
  const token = peek(cursor);
  if (token.kind !== kind)
    throw cursor.fault(`Expected ${DESCRIPTIONS[kind]} at ${position(token)}.`);
  return take(cursor);
}

function takeKeyword(cursor: Cursor, keyword: string): boolean {
  const found = isKeyword(peek(cursor), keyword);
  if (found) take(cursor);
  return found;
}

/** RFC 7644 §3.4.2.2: attribute names and operators are case insensitive. */
function isKeyword(token: Token, keyword: string): boolean {
  return token.kind === "word" && token.text.toLowerCase() === keyword;
}

/** Steps over a token, of which its callers know that it is not the end. */
function take(cursor: Cursor): Token {
  const token = peek(cursor);
  cursor.index += 1;
  return token;
}
