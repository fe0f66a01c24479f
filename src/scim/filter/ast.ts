import type { Attribute } from "../schema/attribute.ts";

/** RFC 7644 §3.4.2.2, table 3, without `pr`, which takes no value. */
export type CompareOperator = "eq" | "ne" | "co" | "sw" | "ew" | "gt" | "ge" | "lt" | "le";

export type FilterValue = string | number | boolean | null;

/**
 * An attribute name, resolved against a resource type: letter case and URN prefix are gone, the names are
 * the schema's own.
 */
export interface AttributePath {
  /** Set for an attribute of an extension: where a resource holds it. Undefined for core attributes. */
  readonly extension: string | undefined;
  readonly attribute: Attribute;
  readonly subAttribute: Attribute | undefined;
}

/**
 * A filter as a tree. Inside a `valuePath`, the paths of `filter` are the sub-attributes of one element
 * (`attribute` is the sub-attribute, `subAttribute` undefined).
 *
 * The parser leaves two things to no consumer: a comparison on a complex attribute has become one on its
 * `value` sub-attribute, and `emails[type eq "work"].value eq "x"` has become the value path
 * `emails[type eq "work" and value eq "x"]`.
 */
export type Filter =
  | { readonly kind: "and" | "or"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "not"; readonly filter: Filter }
  | { readonly kind: "present"; readonly path: AttributePath }
  | {
      readonly kind: "compare";
      readonly path: AttributePath;
      readonly operator: CompareOperator;
      readonly value: FilterValue;
    }
  | { readonly kind: "valuePath"; readonly path: AttributePath; readonly filter: Filter };
