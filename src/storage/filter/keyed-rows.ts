import { sql, type SQL } from "drizzle-orm";

import type { AttributePath, Filter } from "../../scim/filter/ast.ts";
import { foldText } from "../../scim/fold.ts";
import type { FilterTable } from "./filter-columns.ts";
import { termsOf } from "./filter-terms.ts";
import { groupMembers, users } from "../tables.ts";

type Comparison = Extract<Filter, { kind: "compare" }>;

/**
 * The rows that indexes find for one address of type "work"; a superset where a person has several. No row
 * comes twice, so that nothing has to be sorted out, which D1 bills.
 */
function workEmailRows(tenantKey: number, emailKey: string): SQL {
  const rows = sql`SELECT rowid FROM ${users} WHERE tenant_key = ${tenantKey}`;
  return sql`${rows} AND email_key = ${emailKey}
    UNION ALL ${rows} AND work_email_key = ${emailKey} AND work_email_key IS NOT email_key
    UNION ALL ${rows} AND several_work_emails = 1 AND email_key IS NOT ${emailKey}
      AND work_email_key IS NOT ${emailKey}`;
}

function equals(filter: Filter, attribute: string): string | undefined {
  const matching =
    filter.kind === "compare" &&
    filter.operator === "eq" &&
    filter.path.attribute.name === attribute &&
    filter.path.subAttribute === undefined;
  return matching && typeof filter.value === "string" ? filter.value : undefined;
}

/** Resources of all the tenant's own types share a table. */
const ofType = (table: FilterTable): SQL =>
  table.name === "resources" ? sql` AND type = ${table.type.name}` : sql``;

function keyOfComparison(filter: Comparison, table: FilterTable): SQL | undefined {
  const { path, operator, value } = filter;
  if (path.extension !== undefined || operator !== "eq" || typeof value !== "string")
    return undefined;
  const rows = sql`SELECT rowid FROM ${sql.identifier(table.name)} WHERE tenant_key = ${table.tenantKey}${ofType(table)}`;
  switch (path.attribute.name) {
    case "id":
      return sql`${rows} AND id = ${value}`;
    case "externalId":
      return sql`${rows} AND external_id = ${value}`;
    case "userName":
      return table.name === "users"
        ? sql`${rows} AND user_name_key = ${foldText(value)}`
        : undefined;
    case "displayName":
      return table.name === "groups"
        ? sql`${rows} AND display_name_key = ${foldText(value)}`
        : undefined;
    case table.name === "groups" ? "members" : "groups":
      return path.subAttribute?.name === "value" ? rowsOfMembership(value, table) : undefined;
    default:
      return undefined;
  }
}

function rowsOfMembership(id: string, table: FilterTable): SQL | undefined {
  const { tenantKey } = table;
  if (table.name === "resources") return undefined;
  return table.name === "groups"
    ? sql`SELECT groups.rowid FROM ${groupMembers} CROSS JOIN groups WHERE ${groupMembers}.tenant_key = ${tenantKey}
        AND ${groupMembers}.member_id = ${id} AND groups.tenant_key = ${tenantKey}
        AND groups.id = ${groupMembers}.group_id`
    : sql`SELECT users.rowid FROM ${groupMembers} CROSS JOIN users WHERE ${groupMembers}.tenant_key = ${tenantKey}
        AND ${groupMembers}.group_id = ${id} AND users.tenant_key = ${tenantKey}
        AND users.id = ${groupMembers}.member_id`;
}

function keyOfValuePath(path: AttributePath, filter: Filter, table: FilterTable): SQL | undefined {
  if (path.extension !== undefined) return undefined;
  const terms = termsOf(filter, "and");
  const valueOf = (attribute: string) =>
    terms.map((term) => equals(term, attribute)).find((value) => value !== undefined);
  const value = valueOf("value");
  if (value === undefined) return undefined;
  if (path.attribute.name === "emails" && table.name === "users") {
    const work = foldText(valueOf("type") ?? "") === "work";
    return work ? workEmailRows(table.tenantKey, foldText(value)) : undefined;
  }
  const related = path.attribute.name === (table.name === "groups" ? "members" : "groups");
  return related ? rowsOfMembership(value, table) : undefined;
}

/**
 * A query for the rowids of all resources that can match, when indexes alone find them; undefined when the
 * tenant has to be walked. A superset: the filter itself is still to be applied.
 */
export function keyedRows(filter: Filter, table: FilterTable): SQL | undefined {
  switch (filter.kind) {
    case "and": {
      return keyedRows(filter.left, table) ?? keyedRows(filter.right, table);
    }
    case "or": {
      const left = keyedRows(filter.left, table);
      const right = keyedRows(filter.right, table);
      // Nested, because a compound SELECT has at most five terms.
      return left && right
        ? sql`SELECT rowid FROM (${left}) UNION SELECT rowid FROM (${right})`
        : undefined;
    }
    case "compare":
      return keyOfComparison(filter, table);
    case "valuePath":
      return keyOfValuePath(filter.path, filter.filter, table);
    case "not":
    case "present":
      return undefined;
  }
}
