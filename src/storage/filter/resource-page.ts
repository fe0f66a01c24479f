import { sql, type SQL } from "drizzle-orm";

import type { ListPosition, ResourcePage, ResourceQuery } from "../../directory/ports.ts";
import type { FilterTable } from "./filter-columns.ts";
import { filterToSql } from "./filter-to-sql.ts";
import { keyedRows } from "./keyed-rows.ts";
import { listWalk } from "./list-walk.ts";
import { rowsOf } from "../d1/prepare.ts";
import type { TenantDatabase } from "../d1/tenant-database.ts";

interface Position {
  id: string;
  sort_key: string | number | null;
}

/** How many there are in all: from the counters, or counted where a type has none. */
const totalOf = (query: ResourceQuery, table: FilterTable): SQL => {
  if (table.name === "resources") {
    return sql`SELECT count(*) AS total FROM resources
      WHERE tenant_key = ${table.tenantKey} AND type = ${table.type.name}`;
  }
  const column =
    table.name === "groups" ? "groups" : query.visible === "scim" ? "users_scim" : "users";
  return sql`SELECT ${sql.identifier(column)} AS total FROM tenant_counts WHERE tenant_key = ${table.tenantKey}`;
};

/** The first `count` rows, and where the next page begins when there is a row behind them. */
function cut<Row>(rows: (Row & Position)[], query: ResourceQuery) {
  const items = rows.slice(0, query.count);
  const last = items.at(-1);
  if (!last || rows.length <= query.count) return { items };
  const next: ListPosition = {
    id: last.id,
    sortValue: query.sortBy ? last.sort_key : undefined,
  };
  return { items, next };
}

/**
 * A page of resources and the exact total, in one round trip where one can tell both: the counters know the
 * total of everything, and a first page that is not full is its own total. A page by cursor costs the same at
 * any depth; one by index reads what it passes over.
 */
export async function resourcePage<Row>(
  database: TenantDatabase,
  table: FilterTable,
  query: ResourceQuery,
  columns: SQL,
): Promise<ResourcePage<Row>> {
  const name = sql.identifier(table.name);
  const ofType = table.name === "resources" ? sql` AND ${name}.type = ${table.type.name}` : sql``;
  const visible =
    table.name === "users" && query.visible === "scim" ? sql` AND ${name}.origin = 'scim'` : sql``;
  const keyed = query.filter && keyedRows(query.filter, table);
  const walk = listWalk(query, table);
  const from = keyed
    ? sql`(SELECT rowid AS row FROM (${keyed})) AS hit CROSS JOIN ${name} ON ${name}.rowid = hit.row`
    : sql`${name} ${walk.index}`;
  // With the rows in hand, the plus keeps the planner from walking the whole tenant for the sake of its order.
  const plus = keyed ? sql`+` : sql``;
  const tenantKey = sql`${plus}${name}.tenant_key`;
  const where = sql`${tenantKey} = ${table.tenantKey}${ofType}
    ${visible}
    ${query.filter ? sql` AND ${filterToSql(query.filter, table)}` : sql``}`;
  const behind =
    query.after && query.after !== "start" ? sql` AND ${walk.after(query.after)}` : sql``;
  const offset = query.after ? 0 : query.startIndex - 1;
  // One row more than asked for tells whether there is a next page.
  const limit = query.count === 0 ? 0 : query.count + 1;
  const page = sql`SELECT ${columns}, ${walk.sortKey} AS sort_key FROM ${from} WHERE ${where}${behind}
    ORDER BY ${plus}${walk.order} LIMIT ${limit} OFFSET ${offset}`;
  const countMatches = sql`SELECT count(*) AS total FROM ${from} WHERE ${where}`;
  const totalFrom = (result: D1Result | undefined) =>
    rowsOf<{ total: number }>(result)[0]?.total ?? 0;

  if (!keyed) {
    const total = query.filter ? countMatches : totalOf(query, table);
    const [rows, counted] = await database.read([page, total]);
    return { ...cut(rowsOf<Row & Position>(rows), query), total: totalFrom(counted) };
  }
  const [rows] = await database.read([page]);
  const found = cut(rowsOf<Row & Position>(rows), query);
  const isAll = !found.next && (found.items.length > 0 || (offset === 0 && query.count > 0));
  if (isAll && (!query.after || query.after === "start")) {
    return { ...found, total: offset + found.items.length };
  }
  const [counted] = await database.read([countMatches]);
  return { ...found, total: totalFrom(counted) };
}
