import type { Filter } from "../../scim/filter/ast.ts";

/** The operands of a chain of `and`s or `or`s, in order. */
export function termsOf(filter: Filter, kind: "and" | "or"): Filter[] {
  return filter.kind === kind
    ? [...termsOf(filter.left, kind), ...termsOf(filter.right, kind)]
    : [filter];
}
