import { sql, type SQL } from "drizzle-orm";

import type { ListPosition, ResourceQuery } from "../../directory/ports.ts";
import type { AttributePath } from "../../scim/filter/ast.ts";
import {
  documentOf,
  documentPath,
  ignoresCase,
  operandOf,
  type FilterTable,
} from "./filter-columns.ts";

/** The indexes that walk a tenant in an order; named, because the planner prefers worse ones (30 s at a million). */
const ORDER_INDEXES = {
  users: { id: "users_id", userName: "users_user_name" },
  groups: { id: "groups_id", displayName: "groups_display_name" },
  resources: { id: "resources_id" },
} as const;

/** How a list is walked: by which index, in which order, and where a page begins. */
export interface ListWalk {
  readonly index: SQL;
  readonly order: SQL;
  /** What the list is sorted by, to be read along with each row; NULL without `sortBy`. */
  readonly sortKey: SQL;
  /** True for the rows behind a position. */
  after(position: ListPosition): SQL;
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

export function listWalk(query: ResourceQuery, table: FilterTable): ListWalk {
  const { sortBy } = query;
  const id = sql`${sql.identifier(table.name)}.id`;
  const indexes: Record<string, string | undefined> = ORDER_INDEXES[table.name];
  const indexed = (name: string | undefined) =>
    sql`INDEXED BY ${sql.identifier(name ?? ORDER_INDEXES[table.name].id)}`;
  if (!sortBy) {
    return {
      index: indexed(undefined),
      order: id,
      sortKey: sql`NULL`,
      after: (position) => sql`${id} > ${position.id}`,
    };
  }
  const descending = query.sortOrder === "descending";
  const direction = descending ? sql`DESC` : sql`ASC`;
  const key = sortOperand(sortBy, table);
  const index =
    sortBy.extension === undefined && sortBy.subAttribute === undefined
      ? indexes[sortBy.attribute.name]
      : undefined;
  if (index !== undefined) {
    return {
      index: indexed(index),
      order: sql`${key} ${direction}, ${id} ${direction}`,
      sortKey: key,
      after: ({ sortValue, id: last }) =>
        descending
          ? sql`(${key}, ${id}) < (${sortValue ?? null}, ${last})`
          : sql`(${key}, ${id}) > (${sortValue ?? null}, ${last})`,
    };
  }
  return {
    index: indexed(undefined),
    // Without a value: last when ascending, first when descending (RFC 7644 §3.4.2.3).
    order: sql`(${key}) IS NULL ${direction}, ${key} ${direction}, ${id} ASC`,
    sortKey: key,
    after: ({ sortValue, id: last }) => {
      const value = sortValue ?? null;
      if (value === null) {
        const sameKey = sql`((${key}) IS NULL AND ${id} > ${last})`;
        return descending ? sql`(${sameKey} OR (${key}) IS NOT NULL)` : sameKey;
      }
      const sameKey = sql`((${key}) = ${value} AND ${id} > ${last})`;
      return descending
        ? sql`((${key}) < ${value} OR ${sameKey})`
        : sql`((${key}) > ${value} OR ${sameKey} OR (${key}) IS NULL)`;
    },
  };
}
