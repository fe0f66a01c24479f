import { sql, type SQL } from "drizzle-orm";

import type { CompareOperator, FilterValue } from "../../scim/filter/ast.ts";
import { foldText } from "../../scim/fold.ts";
import type { Operand } from "./filter-columns.ts";

/** D1 has no boolean; a bound one arrives as a number of another type. */
const bound = (value: FilterValue, folded: boolean): string | number | null => {
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "string" && folded ? foldText(value) : value;
};

/**
 * One comparison of two scalars, never NULL: `not` has to be true for what is absent. `instr` and `substr`
 * stand for LIKE, whose patterns end at 50 bytes.
 */
export function compareScalar(
  operand: Operand,
  operator: CompareOperator,
  given: FilterValue,
): SQL {
  const value = bound(given, operand.folded);
  const left = operand.sql;
  if (value === null) return operator === "ne" ? sql`${left} IS NOT NULL` : sql`${left} IS NULL`;
  switch (operator) {
    case "eq":
      return sql`ifnull(${left} = ${value}, 0)`;
    case "ne":
      return sql`ifnull(${left} <> ${value}, 1)`;
    case "co":
      return sql`ifnull(instr(${left}, ${value}) > 0, 0)`;
    case "sw":
      return sql`ifnull(substr(${left}, 1, length(${value})) = ${value}, 0)`;
    case "ew":
      return sql`ifnull(length(${left}) >= length(${value})
        AND substr(${left}, length(${left}) - length(${value}) + 1) = ${value}, 0)`;
    case "gt":
      return sql`ifnull(${left} > ${value}, 0)`;
    case "ge":
      return sql`ifnull(${left} >= ${value}, 0)`;
    case "lt":
      return sql`ifnull(${left} < ${value}, 0)`;
    case "le":
      return sql`ifnull(${left} <= ${value}, 0)`;
  }
}
