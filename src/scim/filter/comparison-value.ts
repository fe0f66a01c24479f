import { normalizeDateTime } from "../value/date-time.ts";
import { readBooleanText } from "../dialect/boolean-text.ts";
import { invalidFilter, type ScimError } from "../error.ts";
import type { SimpleAttribute } from "../schema/attribute.ts";
import type { CompareOperator, FilterValue } from "./ast.ts";
import { position } from "./lex.ts";
import type { SyntaxValue } from "./syntax-tree.ts";

/**
 * The value of a comparison as the attribute's type reads it. Promises that both sides of every comparison that
 * leaves the parser have one type, and that dates are in the one form in which documents hold them.
 *
 * RFC 7644 §3.4.2.2 refuses ordering of booleans and binaries; what it leaves open (substrings of numbers and
 * dates) is refused too, because an answer would depend on how the value is written down. An unquoted word is
 * text for a text attribute: Entra sends `externalId eq jyoung`, and an alias may be all digits.
 */
export function readComparisonValue(
  attribute: SimpleAttribute,
  operator: CompareOperator,
  { quoted, text, start }: SyntaxValue,
): FilterValue {
  const word = quoted ? undefined : text.toLowerCase();
  const isNull = word === "null";
  if (!(isNull ? EQUALITY : OPERATORS_OF[attribute.type]).has(operator)) {
    throw invalidFilter(
      `The operator "${operator}" cannot compare ${isNull ? "with null" : `"${attribute.name}"`}, at ${position({ start })}.`,
    );
  }
  if (isNull) return null;
  switch (attribute.type) {
    case "string":
    case "reference":
    case "binary":
      if (word === "true" || word === "false") throw mismatch(attribute, "text in quotes", start);
      return text;
    case "boolean": {
      const value = readBooleanText(text);
      if (value === undefined) throw mismatch(attribute, "true or false", start);
      return value;
    }
    case "integer":
    case "decimal": {
      const value = word !== undefined && JSON_NUMBER.test(text) ? Number(text) : Number.NaN;
      if (!(attribute.type === "integer" ? Number.isSafeInteger(value) : Number.isFinite(value))) {
        throw mismatch(
          attribute,
          attribute.type === "integer" ? "a whole number" : "a number",
          start,
        );
      }
      // JSON has a minus zero, no stored number is one.
      return value + 0;
    }
    case "dateTime": {
      const value = normalizeDateTime(text);
      if (value === undefined)
        throw mismatch(attribute, 'a date such as "2026-01-31T08:00:00Z"', start);
      return value;
    }
  }
}

function mismatch(attribute: SimpleAttribute, expected: string, start: number): ScimError {
  return invalidFilter(
    `"${attribute.name}" is compared with ${expected}, at ${position({ start })}.`,
  );
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;

const EQUALITY: ReadonlySet<CompareOperator> = new Set<CompareOperator>(["eq", "ne"]);
const ORDER: ReadonlySet<CompareOperator> = new Set<CompareOperator>([
  ...EQUALITY,
  "gt",
  "ge",
  "lt",
  "le",
]);
const TEXT: ReadonlySet<CompareOperator> = new Set<CompareOperator>([...ORDER, "co", "sw", "ew"]);

const OPERATORS_OF: Record<SimpleAttribute["type"], ReadonlySet<CompareOperator>> = {
  string: TEXT,
  reference: TEXT,
  integer: ORDER,
  decimal: ORDER,
  dateTime: ORDER,
  boolean: EQUALITY,
  binary: EQUALITY,
};
