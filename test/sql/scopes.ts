import type { FromItem } from "./select-parts.ts";
import { isSign, isWord, type SqlNode } from "./sql-nodes.ts";

/**
 * How a statement is tied to tenants at one of its tables: to the `one` whose number is bound, to `many` that are
 * listed or walked, or not at all.
 */
export type Tie = "one" | "many" | "none";

/** A table, list or sub-select, and what is known of it so far. */
export interface Source extends FromItem {
  /** Whether the statement is wrong where this one is not tied. */
  readonly isOfTenants: boolean;
  /** Its columns that stand for a tenant, or for a row of one. */
  readonly tenantColumns: readonly string[];
  tie: Tie;
}

/** What the names in one `SELECT` mean. */
export interface Scope {
  readonly sources: readonly Source[];
  /** The select that it stands in. */
  readonly outer: Scope | undefined;
}

export const KEY = "tenant_key";
/** Where a tenant's number stands beside its id: who walks it walks the tenants. */
export const FENCE = "tenant_states";

const TIES: readonly Tie[] = ["one", "many", "none"];

export const worst = (ties: readonly Tie[]): Tie =>
  TIES[Math.max(0, ...ties.map((tie) => TIES.indexOf(tie)))] ?? "none";
export const better = (a: Tie, b: Tie): Tie => (TIES.indexOf(a) < TIES.indexOf(b) ? a : b);

export const isSelect = (nodes: readonly SqlNode[]): boolean =>
  isWord(nodes[0], "select", "values");

const nameOf = (node: SqlNode | undefined): string | undefined =>
  node?.kind === "word" || node?.kind === "name" ? node.text.toLowerCase() : undefined;

/** The source and name of the column that these nodes are, where it stands for a tenant or for a row of one. */
export function columnOf(
  nodes: readonly SqlNode[],
  scope: Scope,
): { readonly source: Source; readonly name: string } | undefined {
  const isQualified = nodes.length === 3 && isSign(nodes[1], ".");
  if (!isQualified && nodes.length !== 1) return undefined;
  const name = nameOf(nodes.at(-1));
  const alias = isQualified ? nameOf(nodes[0]) : undefined;
  if (name === undefined) return undefined;
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const named = at.sources.filter((each) => alias === undefined || each.alias === alias);
    const source = named.find((each) => each.tenantColumns.includes(name));
    if (source) return { source, name };
    // The name means the source of this select, which has no such column.
    if (alias !== undefined && named.length > 0) return undefined;
  }
  return undefined;
}

/** The place of the parameter that these nodes are, from 0: `?`, or one of those that were put into one. */
export function parameterOf(nodes: readonly SqlNode[]): number | undefined {
  const [first, second] = nodes;
  if (nodes.length === 1 && first?.kind === "parameter") return first.at;
  if (nodes.length !== 2 || !isWord(first, "json_extract") || second?.kind !== "group") {
    return undefined;
  }
  const [from, , path] = second.nodes;
  const at = path?.kind === "literal" ? /^'\$\[(\d+)\]'$/.exec(path.text)?.[1] : undefined;
  return from?.kind === "parameter" && at !== undefined ? Number(at) : undefined;
}
