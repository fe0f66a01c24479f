import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

import { beforeAll, describe, expect, it } from "vitest";

const FOLDER = path.join(import.meta.dirname, "../migrations");
const files = globSync("*.sql", { cwd: FOLDER }).toSorted();

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
  readonly pk: number;
}
interface Index {
  readonly name: string;
  readonly table: string;
  readonly unique: number;
  readonly columns: string;
}
interface Schema {
  readonly columns: readonly Column[];
  readonly indexes: readonly Index[];
  /** Of tables, views and triggers: their CHECKs stand there. */
  readonly texts: ReadonlyMap<string, string>;
}

function rowsOf<Row>(database: DatabaseSync, sql: string): Row[] {
  // The guarantee of the cast: the query names the columns of the type.
  return database.prepare(sql).all() as unknown as Row[];
}

const readSchema = (database: DatabaseSync): Schema => ({
  columns: rowsOf<Column>(
    database,
    `SELECT m.name AS "table", c.name, c.type, c."notnull", c.dflt_value, c.pk
      FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table'`,
  ),
  indexes: rowsOf<Index>(
    database,
    `SELECT i.name, m.name AS "table", i."unique",
        (SELECT json_group_array(name) FROM pragma_index_info(i.name)) AS columns
      FROM sqlite_schema AS m JOIN pragma_index_list(m.name) AS i WHERE m.type = 'table'`,
  ),
  texts: new Map(
    rowsOf<{ name: string; sql: string }>(
      database,
      "SELECT type || ' ' || name AS name, sql FROM sqlite_schema WHERE type IN ('table', 'trigger', 'view')",
    ).map(({ name, sql }) => [name, sql]),
  ),
});

/** What each migration finds, and what it leaves behind. */
const steps: { file: string; before: Schema; after: Schema }[] = [];

beforeAll(() => {
  const database = new DatabaseSync(":memory:");
  for (const file of files) {
    const before = readSchema(database);
    database.exec(readFileSync(path.join(FOLDER, file), "utf8"));
    steps.push({ file, before, after: readSchema(database) });
  }
});

const keyOf = ({ table, name }: Pick<Column, "table" | "name">) => `${table}.${name}`;
const tablesOf = ({ columns }: Schema) => new Set(columns.map(({ table }) => table));
/** The CHECKs of a table by their names, without those of columns that are new. */
const checksOf = (text = ""): string[] =>
  [...text.matchAll(/CONSTRAINT\s+["`](\w+)["`]\s+CHECK/g)].map(([, name = ""]) => name);

/**
 * While a version is being deployed, and after one was taken back, the version before it works on the newer
 * schema: a migration adds, and leaves what is there as it is.
 */
describe("a version of the Worker works on the schema of the next one, because a migration", () => {
  it("is one of several, each of which changes something", () => {
    expect(files.length).toBeGreaterThan(5);
    for (const { file, before, after } of steps.slice(1)) {
      expect([file, after]).not.toEqual([file, before]);
    }
  });

  it("keeps every table and every column as it is", () => {
    for (const { file, before, after } of steps) {
      const kept = new Map(after.columns.map((column) => [keyOf(column), column]));
      const changed = before.columns.filter(
        (column) => JSON.stringify(kept.get(keyOf(column))) !== JSON.stringify(column),
      );
      expect([file, changed.map(keyOf)]).toEqual([file, []]);
    }
  });

  it("keeps every index that statements name, or that makes something unique", () => {
    for (const { file, before, after } of steps) {
      const kept = new Map(after.indexes.map((index) => [index.name, index]));
      const changed = before.indexes.filter(
        (index) => JSON.stringify(kept.get(index.name)) !== JSON.stringify(index),
      );
      expect([file, changed.map(({ name }) => name)]).toEqual([file, []]);
    }
  });

  it("gives a table columns that a row may do without", () => {
    for (const { file, before, after } of steps) {
      const known = new Set(before.columns.map(keyOf));
      const tables = tablesOf(before);
      const needed = after.columns
        .filter((column) => tables.has(column.table) && !known.has(keyOf(column)))
        .filter(({ notnull, dflt_value: value }) => notnull === 1 && value === null);
      expect([file, needed.map(keyOf)]).toEqual([file, []]);
    }
  });

  it("makes nothing unique that may be there twice", () => {
    for (const { file, before, after } of steps) {
      const known = new Set(before.columns.map(keyOf));
      const tables = tablesOf(before);
      const names = new Set(before.indexes.map(({ name }) => name));
      const stricter = after.indexes
        .filter(({ name, table, unique }) => unique === 1 && tables.has(table) && !names.has(name))
        // One on a column that is new with it asks nothing of rows that do not have it.
        .filter(({ table, columns }) =>
          (JSON.parse(columns) as string[]).every((name) => known.has(keyOf({ table, name }))),
        );
      expect([file, stricter.map(({ name }) => name)]).toEqual([file, []]);
    }
  });

  it("adds no rule to columns that are there, and nothing that acts by itself", () => {
    for (const { file, before, after } of steps) {
      for (const [name, text] of before.texts) {
        const added = checksOf(after.texts.get(name)).filter(
          (check) => !checksOf(text).includes(check),
        );
        // The rules of guards are about columns that only a version which knows them fills.
        if (name !== "table guards") expect([file, name, added]).toEqual([file, name, []]);
      }
      const acting = [...after.texts.keys()].filter((name) => !name.startsWith("table "));
      expect([file, acting]).toEqual([file, []]);
    }
  });
});
