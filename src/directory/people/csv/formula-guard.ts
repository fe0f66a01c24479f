/** What spreadsheets take for a formula at the beginning of a cell (OWASP: CSV injection). */
const LOOKS_LIKE_FORMULA = /^'*[=+\-@\t\r]/;

/**
 * A cell that no spreadsheet runs: an apostrophe goes before what looks like a formula. One that stands there
 * already counts as part of the value and gets another one, so that `unguardCell` loses nothing.
 */
export const guardCell = (value: string): string =>
  LOOKS_LIKE_FORMULA.test(value) ? `'${value}` : value;

/** Takes the apostrophe of `guardCell` off again; any other apostrophe stays. */
export const unguardCell = (cell: string): string =>
  cell.startsWith("'") && LOOKS_LIKE_FORMULA.test(cell) ? cell.slice(1) : cell;
