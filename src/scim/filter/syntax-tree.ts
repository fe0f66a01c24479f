import type { CompareOperator } from "./ast.ts";

/** A name as it was written, and where, for the error that may follow. */
export interface SyntaxName {
  readonly text: string;
  readonly start: number;
}

/** Unquoted words get their type from the attribute they are compared with: `externalId eq 42` is text. */
export interface SyntaxValue {
  readonly quoted: boolean;
  readonly text: string;
  readonly start: number;
}

/** What stands behind a name: `pr`, or an operator and its value. */
export type SyntaxTest =
  | { readonly kind: "present" }
  | { readonly kind: "compare"; readonly operator: CompareOperator; readonly value: SyntaxValue };

/** A filter that is well formed, before any schema is asked what its names mean. */
export type SyntaxTree =
  | { readonly kind: "and" | "or"; readonly left: SyntaxTree; readonly right: SyntaxTree }
  | { readonly kind: "not"; readonly inner: SyntaxTree }
  | { readonly kind: "term"; readonly name: SyntaxName; readonly test: SyntaxTest }
  | {
      readonly kind: "valuePath";
      readonly name: SyntaxName;
      readonly inner: SyntaxTree;
      /** `.value eq "x"` behind the bracket, which Entra writes and RFC 7644 §3.5.2 knows for paths. */
      readonly behind: { readonly name: SyntaxName; readonly test: SyntaxTest } | undefined;
    };
