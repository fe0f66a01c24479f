import { getTableColumns, is } from "drizzle-orm";
import { getTableConfig, SQLiteTable, type SQLiteColumn } from "drizzle-orm/sqlite-core";

import * as catalogueTables from "./catalogue-tables.ts";
import * as jobTables from "./job-tables.ts";
import * as noticeTables from "./notice-tables.ts";
import * as peopleTables from "./people-tables.ts";
import * as tables from "./tables.ts";

/** The tenant's number, which is another one in every database, stands in this column. */
const TENANT = "tenant_key";
/**
 * Rows that are no tenant's, though they name one: the fence says where the tenant is and moves by itself, and the
 * runs of a job are the history of their database.
 */
const NOT_OF_TENANTS: readonly string[] = ["tenant_states", "reconciliations"];
/** D1 passes at most 32 arguments to a function, and a row is one call of json_array(). */
const MAX_COLUMNS = 32;

/** A table that holds rows of tenants. Neither list names the tenant itself. */
export interface TenantTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** What tells the rows of one tenant apart, in the order of an index. None: the tenant has one row. */
  readonly key: readonly string[];
}

/**
 * Every table that holds rows of tenants, in a fixed order. Taken from the definitions, so that a table that is
 * added later moves along with its tenant. Throws for a table whose rows could not be moved.
 */
export function tablesOfTenants(): TenantTable[] {
  return Object.values({
    ...tables,
    ...peopleTables,
    ...catalogueTables,
    ...noticeTables,
    ...jobTables,
  })
    .filter((table) => is(table, SQLiteTable))
    .flatMap((table) => {
      const columns: SQLiteColumn[] = Object.values(getTableColumns(table));
      const { name } = getTableConfig(table);
      const isOfTenants =
        !NOT_OF_TENANTS.includes(name) && columns.some((column) => column.name === TENANT);
      return isOfTenants ? [tenantTable(table, columns)] : [];
    });
}

function tenantTable(table: SQLiteTable, columns: readonly SQLiteColumn[]): TenantTable {
  const { name, primaryKeys, indexes } = getTableConfig(table);
  const names = columns.map((column) => column.name);
  const foreign = columns.find((column) => !["text", "integer"].includes(column.getSQLType()));
  if (foreign || names.length > MAX_COLUMNS) {
    throw new Error(`${name}: only text and integers can be moved, in ${MAX_COLUMNS} columns.`);
  }
  const numbered = (column: SQLiteColumn) =>
    column.primary && column.getSQLType() === "integer" && column.name !== TENANT;
  if (columns.some(numbered)) {
    throw new Error(`${name}: its numbers belong to other tenants in another database.`);
  }
  const candidates = [
    columns.filter((column) => column.primary),
    ...primaryKeys.map((key) => key.columns),
    ...indexes.flatMap(({ config }) =>
      config.unique && config.where === undefined
        ? [config.columns.filter((column): column is SQLiteColumn => "notNull" in column)]
        : [],
    ),
  ];
  const key = candidates.find(
    ([first, ...rest]) =>
      first?.name === TENANT && rest.every((column) => column.notNull || column.primary),
  );
  if (!key) throw new Error(`${name}: no unique key begins with ${TENANT}.`);
  const others = (all: readonly string[]) => all.filter((column) => column !== TENANT);
  return { name, columns: others(names), key: others(key.map((column) => column.name)) };
}
