import { PersonFields } from "../person-fields.ts";
import { unguardCell } from "./formula-guard.ts";
import { parseCsv, type CsvRecord } from "./parse-csv.ts";
import { readHeader, type Header } from "./people-columns.ts";

/** A line of the file: who it is about, or why it cannot be read. */
export interface PeopleRow {
  readonly line: number;
  readonly person: { readonly fields: PersonFields } | { readonly fault: string };
}

export type PeopleFile =
  | {
      readonly kind: "people";
      readonly rows: readonly PeopleRow[];
      readonly unknownColumns: readonly string[];
    }
  /** Nothing of the file is used. */
  | { readonly kind: "refused"; readonly message: string };

/**
 * The people of a CSV file. A faulty line spoils only itself; a file whose form or header is wrong is refused
 * whole, as is one with more than `maxRows` people. An empty cell says nothing.
 */
export function readPeopleFile(text: string, maxRows: number): PeopleFile {
  const parsed = parseCsv(text, maxRows + 1);
  switch (parsed.kind) {
    case "too-many":
      return {
        kind: "refused",
        message: `The file has more than ${maxRows.toLocaleString("en")} people. Split it into smaller ones, each with the header.`,
      };
    case "malformed":
      return { kind: "refused", message: `Line ${parsed.line}: ${parsed.message}` };
    case "records": {
      const [first, ...records] = parsed.records;
      const read = readHeader(first?.cells ?? []);
      if (read.kind === "refused") return read;
      const rows = records.map((record) => readRow(record, read.header));
      return { kind: "people", rows, unknownColumns: read.header.unknown };
    }
  }
}

function readRow({ line, cells }: CsvRecord, { columns }: Header): PeopleRow {
  if (cells.length > columns.length) {
    return { line, person: { fault: "This line has more values than the header has columns." } };
  }
  const given = columns.flatMap((column, at) => {
    const value = unguardCell(cells[at] ?? "").trim();
    return column === undefined || value === "" ? [] : [[column, value] as const];
  });
  const fields = PersonFields.safeParse(Object.fromEntries(given));
  if (fields.success) return { line, person: { fields: fields.data } };
  const faults = fields.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  return { line, person: { fault: faults.join(" ") } };
}
