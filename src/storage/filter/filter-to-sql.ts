import { sql, type SQL } from "drizzle-orm";

import type { AttributePath, Filter } from "../../scim/filter/ast.ts";
import { compareScalar } from "./compare-scalar.ts";
import {
  groupColumn,
  jsonElement,
  memberColumn,
  plainElement,
  type ElementOperand,
} from "./element-operand.ts";
import {
  documentOf,
  documentPath,
  ignoresCase,
  operandOf,
  type FilterTable,
} from "./filter-columns.ts";
import { termsOf } from "./filter-terms.ts";
import { groupMembers } from "../tables.ts";

type Comparison = Extract<Filter, { kind: "compare" }>;

/** A chain of 100 terms is an expression 100 deep, which D1 refuses: a balanced tree is 7 deep. */
function balanced(operator: "and" | "or", terms: readonly SQL[]): SQL {
  const [first] = terms;
  if (first !== undefined && terms.length === 1) return first;
  const middle = Math.floor(terms.length / 2);
  const left = balanced(operator, terms.slice(0, middle));
  const right = balanced(operator, terms.slice(middle));
  return operator === "and" ? sql`(${left} AND ${right})` : sql`(${left} OR ${right})`;
}

function ofElement(filter: Filter, operand: ElementOperand): SQL {
  switch (filter.kind) {
    case "and":
    case "or":
      return balanced(
        filter.kind,
        termsOf(filter, filter.kind).map((term) => ofElement(term, operand)),
      );
    case "not":
      return sql`NOT (${ofElement(filter.filter, operand)})`;
    case "present":
      return sql`${operand(filter.path.attribute).sql} IS NOT NULL`;
    case "compare":
      return compareScalar(operand(filter.path.attribute), filter.operator, filter.value);
    case "valuePath":
      // The grammar has no brackets inside brackets (RFC 7644 §3.4.2.2).
      return sql`0`;
  }
}

/** Whether any element of a multi-valued attribute meets a condition: one sub-select for every kind. */
function anyElement(
  path: AttributePath,
  table: FilterTable,
  condition: (operand: ElementOperand) => SQL,
): SQL {
  const { name } = path.attribute;
  const resource = sql.identifier(table.name);
  if (path.extension === undefined) {
    if (table.name === "groups" && name === "members") {
      return sql`EXISTS (SELECT 1 FROM ${groupMembers}
        WHERE ${groupMembers}.tenant_key = ${table.tenantKey} AND ${groupMembers}.group_id = ${resource}.id
          AND ${condition(memberColumn(table.baseUrl))})`;
    }
    if (table.name === "users" && name === "groups") {
      return sql`EXISTS (SELECT 1 FROM ${groupMembers} CROSS JOIN groups AS parent
        WHERE ${groupMembers}.tenant_key = ${table.tenantKey} AND ${groupMembers}.member_id = ${resource}.id
          AND parent.tenant_key = ${table.tenantKey} AND parent.id = ${groupMembers}.group_id
          AND ${condition(groupColumn(table.baseUrl))})`;
    }
    if (name === "schemas") {
      // Not stored: the core schema, and one for each extension that the document holds.
      return sql`EXISTS (SELECT 1 FROM (SELECT ${table.type.schema.id} AS value UNION ALL
          SELECT key FROM json_each(${resource}.resource) WHERE instr(key, ':') > 0) AS element
        WHERE ${condition(plainElement)})`;
    }
  }
  const subAttributes = path.attribute.type === "complex";
  const folded = subAttributes
    ? (path.attribute.subAttributes ?? []).some(ignoresCase)
    : ignoresCase(path.attribute);
  const exact = condition(subAttributes ? jsonElement : plainElement);
  return sql`EXISTS (SELECT 1 FROM json_each(${documentOf(table, folded)}, ${documentPath(path, false)}) AS element
    WHERE ${exact})`;
}

function compare(filter: Comparison, table: FilterTable): SQL {
  const { path, operator, value } = filter;
  if (!path.attribute.multiValued) return compareScalar(operandOf(path, table), operator, value);
  const compared = path.subAttribute ?? path.attribute;
  // `ne` is "not eq": no element may have the value. `eq null` is "has no value".
  if (value === null) {
    const some = present(path, table);
    return operator === "ne" ? some : sql`NOT ${some}`;
  }
  const any = anyElement(path, table, (operand) =>
    compareScalar(operand(compared), operator === "ne" ? "eq" : operator, value),
  );
  return operator === "ne" ? sql`NOT ${any}` : any;
}

function present(path: AttributePath, table: FilterTable): SQL {
  if (!path.attribute.multiValued) return sql`${operandOf(path, table).sql} IS NOT NULL`;
  const { subAttribute } = path;
  return anyElement(path, table, (operand) =>
    subAttribute ? sql`${operand(subAttribute).sql} IS NOT NULL` : sql`1`,
  );
}

/**
 * The condition of a whole filter, every value and every name bound. True or false for each resource, and
 * the same as `matches` says of it.
 */
export function filterToSql(filter: Filter, table: FilterTable): SQL {
  switch (filter.kind) {
    case "and":
    case "or":
      return balanced(
        filter.kind,
        termsOf(filter, filter.kind).map((term) => filterToSql(term, table)),
      );
    case "not":
      return sql`NOT (${filterToSql(filter.filter, table)})`;
    case "present":
      return present(filter.path, table);
    case "compare":
      return compare(filter, table);
    case "valuePath":
      return anyElement(filter.path, table, (operand) => ofElement(filter.filter, operand));
  }
}
