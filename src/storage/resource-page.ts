import { sql, type SQL } from "drizzle-orm";

import type { ResourcePage, ResourceQuery } from "../directory/ports.ts";
import type { AttributePath } from "../scim/filter/ast.ts";
import {
  documentPath,
  documentOf,
  ignoresCase,
  operandOf,
  type FilterTable,
} from "./filter-columns.ts";
import { filterToSql } from "./filter-to-sql.ts";
import { keyedRows } from "./keyed-rows.ts";
import { rowsOf } from "./prepare.ts";
import type { TenantDatabase } from "./tenant-database.ts";

/** The indexes that walk a tenant in an order; named, because the planner prefers worse ones (30 s at a million). */
const ORDER_INDEXES = {
  users: { id: "users_id", userName: "users_user_name" },
  groups: { id: "groups_id", displayName: "groups_display_name" },
  resources: { id: "resources_id" },
} as const;

interface Walk {
  readonly index: SQL;
  readonly order: SQL;
}

/** RFC 7644 §3.4.2.3: a multi-valued attribute sorts by its primary value, else by its first. */
function sortOperand(path: AttributePath, table: FilterTable): SQL {
  const { attribute } = path;
  if (!attribute.multiValued) return operandOf(path, table).sql;
  const compared = path.subAttribute ?? attribute;
  const folded = ignoresCase(compared);
  const value =
    attribute.type === "complex"
      ? sql`json_extract(element.value, ${`$."${compared.name}"`})`
      : sql`element.value`;
  return sql`(SELECT ${folded ? sql`lower(${value})` : value}
    FROM json_each(${documentOf(table, folded)}, ${documentPath(path, false)}) AS element
    ORDER BY ${attribute.type === "complex" ? sql`json_extract(element.value, '$.primary') IS NOT 1` : sql`1`},
      element.key LIMIT 1)`;
}

function walkOf(query: ResourceQuery, table: FilterTable): Walk {
  const { sortBy } = query;
  const id = sql`${sql.identifier(table.name)}.id`;
  const indexes: Record<string, string | undefined> = ORDER_INDEXES[table.name];
  const indexed = (name: string | undefined) =>
    sql`INDEXED BY ${sql.identifier(name ?? ORDER_INDEXES[table.name].id)}`;
  if (!sortBy) return { index: indexed(undefined), order: id };
  const direction = query.sortOrder === "descending" ? sql`DESC` : sql`ASC`;
  const operand = sortOperand(sortBy, table);
  const index =
    sortBy.extension === undefined && sortBy.subAttribute === undefined
      ? indexes[sortBy.attribute.name]
      : undefined;
  // Without a value: last when ascending, first when descending (RFC 7644 §3.4.2.3).
  const order = index
    ? sql`${operand} ${direction}, ${id} ${direction}`
    : sql`(${operand}) IS NULL ${direction}, ${operand} ${direction}, ${id} ASC`;
  return { index: indexed(index), order };
}

/** How many there are, from the counters: null when only counting tells. */
const totalOf = (query: ResourceQuery, table: FilterTable): SQL => {
  if (table.name === "resources") {
    return sql`SELECT count(*) AS total FROM resources
      WHERE tenant_key = ${table.tenantKey} AND type = ${table.type}`;
  }
  const column =
    table.name === "groups" ? "groups" : query.visible === "scim" ? "users_scim" : "users";
  return sql`SELECT ${sql.identifier(column)} AS total FROM tenant_counts WHERE tenant_key = ${table.tenantKey}`;
};

/**
 * A page of resources and the exact total, in one round trip where one can tell both: the counters know the
 * total of everything, and a page that is not full is its own total.
 */
export async function resourcePage<Row>(
  database: TenantDatabase,
  table: FilterTable,
  query: ResourceQuery,
  columns: SQL,
): Promise<ResourcePage<Row>> {
  const name = sql.identifier(table.name);
  const ofType = table.name === "resources" ? sql` AND ${name}.type = ${table.type}` : sql``;
  const ofTenant = sql`${name}.tenant_key = ${table.tenantKey}${ofType}`;
  const visible =
    table.name === "users" && query.visible === "scim" ? sql` AND ${name}.origin = 'scim'` : sql``;
  const keyed = query.filter && keyedRows(query.filter, table);
  const walk = walkOf(query, table);
  const from = keyed ? sql`${name}` : sql`${name} ${walk.index}`;
  const where = sql`${ofTenant}${keyed ? sql` AND ${name}.rowid IN (${keyed})` : sql``}${visible}
    ${query.filter ? sql` AND ${filterToSql(query.filter, table)}` : sql``}`;
  const offset = query.startIndex - 1;
  const page = sql`SELECT ${columns} FROM ${from} WHERE ${where}
    ORDER BY ${walk.order} LIMIT ${query.count} OFFSET ${offset}`;
  const countMatches = sql`SELECT count(*) AS total FROM ${from} WHERE ${where}`;
  const totalFrom = (result: D1Result | undefined) =>
    rowsOf<{ total: number }>(result)[0]?.total ?? 0;

  if (!keyed) {
    const total = query.filter ? countMatches : totalOf(query, table);
    const [rows, counted] = await database.read([page, total]);
    return { items: rowsOf<Row>(rows), total: totalFrom(counted) };
  }
  const [rows] = await database.read([page]);
  const items = rowsOf<Row>(rows);
  const pageIsTheRest = items.length < query.count && (items.length > 0 || offset === 0);
  if (pageIsTheRest) return { items, total: offset + items.length };
  const [counted] = await database.read([countMatches]);
  return { items, total: totalFrom(counted) };
}
