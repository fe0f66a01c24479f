import { normalizeDateTime } from "./date-time.ts";
import { invalidValue } from "../error.ts";
import type { JsonValue } from "../json.ts";
import type { SimpleAttribute } from "../schema/attribute.ts";
import { requireWellFormed } from "./well-formed-text.ts";

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const DECIMAL = /^[+-]?\d+(?:\.\d+)?$/;
/** Every decimal number of so many digits survives the way through a double and back. */
const EXACT_DIGITS = 15;

/**
 * One value of a simple attribute in its canonical form; the caller has taken away what means "no value".
 * Text comes back as it was sent, since Entra compares what it reads with what it wrote.
 */
export function normalizeSimple(
  attribute: SimpleAttribute,
  value: JsonValue,
  where: string,
): JsonValue {
  const normalized =
    typeof value === "string" ? fromText(attribute.type, requireWellFormed(value, where)) : value;
  if (normalized === undefined || !hasType(attribute.type, normalized)) {
    throw invalidValue(`The value of "${where}" must be ${EXPECTED[attribute.type]}.`);
  }
  return normalized;
}

type SimpleType = SimpleAttribute["type"];

const EXPECTED: Record<SimpleType, string> = {
  string: "a string",
  boolean: "true or false",
  decimal: "a number",
  integer: "a whole number",
  dateTime: 'a date and time such as "2026-01-31T08:00:00Z"',
  binary: "a string in base64",
  reference: "a string that holds a URI",
};

/** Entra writes booleans as "True" and "False"; templates of other clients write every value as a string. */
function fromText(type: SimpleType, text: string): JsonValue | undefined {
  switch (type) {
    case "string":
    case "reference":
      return text;
    case "boolean": {
      const word = text.trim().toLowerCase();
      return word === "true" ? true : word === "false" ? false : undefined;
    }
    case "integer": {
      const number = exactNumber(text.trim());
      return Number.isSafeInteger(number) ? number : undefined;
    }
    case "decimal":
      return exactNumber(text.trim());
    case "dateTime":
      return normalizeDateTime(text);
    case "binary": {
      // Certificates are copied out of PEM files, line ends included.
      const digits = text.replaceAll(/\s/g, "");
      return BASE64.test(digits) && digits.replace(/=+$/, "").length % 4 !== 1 ? digits : undefined;
    }
  }
}

function hasType(type: SimpleType, value: JsonValue): boolean {
  switch (type) {
    case "string":
    case "reference":
    case "dateTime":
    case "binary":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return Number.isSafeInteger(value);
    case "decimal":
      return Number.isFinite(value);
  }
}

function exactNumber(text: string): number | undefined {
  if (!DECIMAL.test(text)) return undefined;
  const digits = text.replaceAll(/[^\d]/g, "").replace(/^0+/, "");
  const isExact =
    digits.length <= EXACT_DIGITS || (!text.includes(".") && Number.isSafeInteger(Number(text)));
  // Minus zero would not survive JSON.
  return isExact ? Number(text) + 0 : undefined;
}
