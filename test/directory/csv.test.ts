import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { guardCell, unguardCell } from "../../src/directory/people/csv/formula-guard.ts";
import { parseCsv } from "../../src/directory/people/csv/parse-csv.ts";
import { readHeader } from "../../src/directory/people/csv/people-columns.ts";
import { readPeopleFile } from "../../src/directory/people/csv/read-people-file.ts";
import { writeCsvLine } from "../../src/directory/people/csv/write-csv-line.ts";
import csvCases from "./csv-cases.json" with { type: "json" };
import headerCases from "./people-columns-cases.json" with { type: "json" };
import formulaCases from "./formula-cases.json" with { type: "json" };

describe("parseCsv", () => {
  it.each(csvCases)("reads $name", ({ text, records, malformed, tooMany }) => {
    const parsed = parseCsv(text, 6);
    switch (parsed.kind) {
      case "records":
        expect(parsed.records.map(({ line, cells }) => [line, ...cells])).toEqual(records);
        break;
      case "malformed":
        expect(parsed.line).toBe(malformed);
        break;
      case "too-many":
        expect(tooMany).toBe(true);
    }
  });

  // Slow where several files are tested at once on few processors, which says nothing of the parser.
  it("takes 8 MiB of one character without trouble", { timeout: 60_000 }, () => {
    for (const text of [
      ",".repeat(2 ** 23),
      '"'.repeat(2 ** 23),
      "\n".repeat(2 ** 23),
      "a".repeat(2 ** 23),
    ]) {
      expect(["records", "malformed"]).toContain(parseCsv(text, 10).kind);
    }
  });
});

describe("writeCsvLine", () => {
  const cell = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: fc.constantFrom(...",;\"'\r\n\t=+-@ ab".split("")) }),
  );

  it("writes what parseCsv and unguardCell turn back into the same", () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 2 }), (values) => {
        const header = writeCsvLine(values.map(() => "x"));
        const parsed = parseCsv(header + writeCsvLine(values), 2);
        expect(parsed.kind).toBe("records");
        if (parsed.kind !== "records") return;
        const [, record] = parsed.records;
        expect(record?.cells.map(unguardCell)).toEqual(values);
      }),
    );
  });

  it("writes null as an empty cell and ends with CRLF", () => {
    expect(writeCsvLine(["a", null, 'b"c'])).toBe('a,,"b""c"\r\n');
  });
});

describe("guardCell", () => {
  it.each(formulaCases)("writes $value as $cell, and back", ({ value, cell }) => {
    expect(guardCell(value)).toBe(cell);
    expect(unguardCell(cell)).toBe(value);
  });
});

describe("readHeader", () => {
  it.each(headerCases)("reads $name", ({ header, columns, unknown = [], refused }) => {
    const read = readHeader(header.split(","));
    if (read.kind === "refused") expect(read.message).toContain(refused);
    else {
      expect(read.header.columns.map((column) => column ?? "").join()).toBe(columns);
      expect(read.header.unknown).toEqual(unknown);
    }
  });

  it("reads a name of any length without trouble", () => {
    for (const name of ["[", "[]", "[ ", "_", "a[b] "]) {
      expect(readHeader([name.repeat(2 ** 20), "email"]).kind).toBe("header");
    }
  });
});

describe("readPeopleFile", () => {
  it("reads people with their lines; empty cells say nothing, and a faulty line spoils only itself", () => {
    const text = [
      "Email;Title;displayName;givenname;nothing",
      " ana@example.com ;x;'=Ana;Ana",
      "nobody;;;Ben",
      "",
      "cleo@example.com;;;;;;;",
      `dan@example.com;;"two\nlines"`,
      `eve@example.com;;${"x".repeat(257)}`,
    ].join("\n");
    const file = readPeopleFile(text, 10);
    expect(file).toEqual({
      kind: "people",
      unknownColumns: ["Title", "nothing"],
      rows: [
        {
          line: 2,
          person: { fields: { email: "ana@example.com", displayName: "=Ana", givenName: "Ana" } },
        },
        { line: 3, person: { fault: expect.stringContaining("email") } },
        { line: 5, person: { fault: expect.stringContaining("more values") } },
        { line: 6, person: { fields: { email: "dan@example.com", displayName: "two\nlines" } } },
        { line: 8, person: { fault: expect.stringContaining("displayName") } },
      ],
    });
  });

  it("never repeats in a fault what the line says", () => {
    const file = readPeopleFile("email\ncanary", 10);
    expect(JSON.stringify(file)).not.toContain("canary");
  });

  it.each([
    ["has too many people", `email\n${"a@b.example\n".repeat(11)}`, "more than 10 people"],
    ["is malformed", 'email\n"a', "Line 2"],
    ["has no header", "a@b.example\nc@d.example", "first line"],
    ["is empty", "", "first line"],
  ])("refuses a file that %s", (_what, text, message) => {
    const file = readPeopleFile(text, 10);
    expect(file).toMatchObject({ kind: "refused", message: expect.stringContaining(message) });
  });

  it("takes as many people as it may", () => {
    const file = readPeopleFile(`email\n${"a@b.example\n".repeat(10)}`, 10);
    expect(file).toMatchObject({ kind: "people", rows: { length: 10 } });
  });
});
