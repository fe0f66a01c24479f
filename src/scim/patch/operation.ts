import type { AttributePath, Filter } from "../filter/ast.ts";
import type { JsonValue } from "../json.ts";

/** RFC 7644 §3.5.2, figure 7: `attrPath / valuePath [subAttr]`, resolved against a resource type. */
export interface AttributeTarget {
  readonly kind: "attribute";
  /** The attribute in front of the brackets, and the sub-attribute behind them or behind the dot. */
  readonly path: AttributePath;
  /** What stands between the brackets: it chooses elements of a multi-valued attribute. */
  readonly valueFilter: Filter | undefined;
}

/** A whole extension: the URI of a schema alone. */
export interface ExtensionTarget {
  readonly kind: "extension";
  /** In the schema's own spelling when the resource type has the schema. */
  readonly uri: string;
}

/** An attribute of an extension that no schema describes: such an extension is kept as it was given. */
export interface ForeignTarget {
  readonly kind: "foreign";
  readonly uri: string;
  readonly name: string;
  readonly subName: string | undefined;
}

/** Everything that a well-formed path can mean. */
export type PatchTarget =
  | AttributeTarget
  | ExtensionTarget
  | ForeignTarget
  /** The core schema's own URI, which means the resource itself, like no path at all. */
  | { readonly kind: "resource" }
  /** Nothing that this resource type has. Ignored and reported: Entra maps more attributes than most servers know. */
  | { readonly kind: "unknown"; readonly name: string };

/** One operation after the dialects: lower-case `op`, and a path (path-less values were taken apart). */
export interface PatchOperation {
  readonly op: "add" | "replace" | "remove";
  readonly target: AttributeTarget | ExtensionTarget | ForeignTarget;
  /**
   * Canonical by the schema. Undefined clears the target (`null`, `""`, `[]`), as `remove` does. Where the target is
   * one complex value, the sub-attributes that are given, with `null` for those to clear. With `remove`, the elements
   * of a multi-valued attribute that are meant, undefined for all.
   */
  readonly value: JsonValue | undefined;
}
