import { guardCell } from "./formula-guard.ts";

const NEEDS_QUOTES = /["\r\n,;]/;

function cellOf(value: string | null): string {
  const cell = guardCell(value ?? "");
  return NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** One record of RFC 4180, its CRLF included. Null is an empty cell; formulas are disarmed (`guardCell`). */
export const writeCsvLine = (values: readonly (string | null)[]): string =>
  `${values.map(cellOf).join(",")}\r\n`;
