export interface CsvRecord {
  /** Where it begins in the file, from 1: a quoted cell may hold line breaks. */
  readonly line: number;
  readonly cells: readonly string[];
}

export type ParsedCsv =
  | { readonly kind: "records"; readonly records: readonly CsvRecord[] }
  | { readonly kind: "malformed"; readonly line: number; readonly message: string }
  /** There are more records than asked for. */
  | { readonly kind: "too-many" };

const BYTE_ORDER_MARK = "\uFEFF";
const LINE_BREAK = /\r\n|\r|\n/g;
const END_OF_PLAIN_CELL = { ",": /[,\r\n]/g, ";": /[;\r\n]/g } as const;

/** Far more than any file about people has, and few enough for a Worker's memory. */
const MAX_CELLS = 1_000;

type Delimiter = keyof typeof END_OF_PLAIN_CELL;

const MAX_HEADER_CHARACTERS = 10_000;

/** Spreadsheets write semicolons where the comma is the decimal sign. The first line decides. */
function delimiterOf(text: string): Delimiter {
  const beginning = text.slice(0, MAX_HEADER_CHARACTERS);
  const [header = ""] = beginning.replaceAll(/"[^"]*"/g, "").split(/[\r\n]/, 1);
  return header.split(";").length > header.split(",").length ? ";" : ",";
}

/**
 * The records of a CSV file (RFC 4180), empty lines left out. Beyond the RFC it takes a byte order mark,
 * semicolons, any line break, and quotes inside a cell that does not begin with one.
 */
export function parseCsv(given: string, maxRecords: number): ParsedCsv {
  const text = given.startsWith(BYTE_ORDER_MARK) ? given.slice(1) : given;
  const delimiter = delimiterOf(text);
  const records: CsvRecord[] = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const record = readRecord(text, at, delimiter);
    if (record.kind === "malformed") return { kind: "malformed", line, message: record.message };
    if (record.cells.length > 1 || record.cells[0] !== "") {
      if (records.length === maxRecords) return { kind: "too-many" };
      records.push({ line, cells: record.cells });
    }
    line += text.slice(at, record.end).match(LINE_BREAK)?.length ?? 0;
    at = record.end;
  }
  return { kind: "records", records };
}

type ReadRecord =
  /** `end`: where the next record begins. */
  | { readonly kind: "record"; readonly cells: string[]; readonly end: number }
  | { readonly kind: "malformed"; readonly message: string };

function readRecord(text: string, start: number, delimiter: Delimiter): ReadRecord {
  const cells: string[] = [];
  for (let at = start; ; at++) {
    const cell = text[at] === '"' ? readQuoted(text, at) : readPlain(text, at, delimiter);
    if (cell === undefined) {
      return { kind: "malformed", message: "A quoted value is not closed." };
    }
    if (cells.push(cell.value) > MAX_CELLS) {
      return { kind: "malformed", message: `It has more than ${MAX_CELLS} values.` };
    }
    at = cell.end;
    if (text[at] === delimiter) continue;
    if (at >= text.length || text[at] === "\n") return { kind: "record", cells, end: at + 1 };
    if (text[at] === "\r")
      return { kind: "record", cells, end: at + (text[at + 1] === "\n" ? 2 : 1) };
    return {
      kind: "malformed",
      message:
        "Something stands behind the quote that closes a value. Double the quotes inside of values.",
    };
  }
}

interface Cell {
  readonly value: string;
  readonly end: number;
}

function readPlain(text: string, start: number, delimiter: Delimiter): Cell {
  const ends = END_OF_PLAIN_CELL[delimiter];
  ends.lastIndex = start;
  const end = ends.exec(text)?.index ?? text.length;
  return { value: text.slice(start, end), end };
}

/** Undefined when the closing quote is missing. */
function readQuoted(text: string, start: number): Cell | undefined {
  let end = start + 1;
  for (;;) {
    const quote = text.indexOf('"', end);
    if (quote === -1) return undefined;
    if (text[quote + 1] !== '"') {
      return { value: text.slice(start + 1, quote).replaceAll('""', '"'), end: quote + 1 };
    }
    end = quote + 2;
  }
}
