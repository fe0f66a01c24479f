import { isSign, isWord, splitAt, type SqlNode } from "./sql-nodes.ts";

/** One table, list or sub-select that a statement reads or writes. */
export interface FromItem {
  /** The table's name; undefined: a sub-select or a function. */
  readonly table: string | undefined;
  readonly alias: string;
  /** The sub-select in its brackets. */
  readonly select: readonly SqlNode[] | undefined;
  readonly on: readonly SqlNode[];
  /** `LEFT JOIN`: its condition says nothing about what stands before it. */
  readonly isOptional: boolean;
}

export interface SelectParts {
  /** The result columns, each without its name. */
  readonly columns: readonly (readonly SqlNode[])[];
  readonly from: readonly FromItem[];
  readonly where: readonly SqlNode[];
  /** Everything, for the sub-selects in it. */
  readonly nodes: readonly SqlNode[];
}

const CLAUSES = ["from", "where", "group", "having", "order", "limit", "window", "returning"];
const JOINS = ["left", "outer", "inner", "cross", "natural", "join"];
const textOf = (node: SqlNode | undefined): string =>
  node?.kind === "word" || node?.kind === "name" ? node.text.toLowerCase() : "";

/** What stands between a word and the next clause. */
export function clause(nodes: readonly SqlNode[], word: string): readonly SqlNode[] {
  const start = nodes.findIndex((node) => isWord(node, word));
  if (start === -1) return [];
  const rest = nodes.slice(start + 1);
  const end = rest.findIndex((node) => isWord(node, ...CLAUSES));
  return end === -1 ? rest : rest.slice(0, end);
}

/** The selects that a compound one is made of. */
export const selectsOf = (nodes: readonly SqlNode[]): readonly (readonly SqlNode[])[] =>
  splitAt(nodes, (node) => isWord(node, "union", "except", "intersect")).map((part) =>
    isWord(part[0], "all") ? part.slice(1) : part,
  );

/** Takes one `SELECT` or `VALUES` apart. */
export function selectParts(nodes: readonly SqlNode[]): SelectParts {
  const first = nodes.findIndex((node) => isWord(node, ...CLAUSES));
  const head = nodes.slice(1, first === -1 ? nodes.length : first);
  const [row] = head;
  const listed = isWord(nodes[0], "values") && row?.kind === "group" ? row.nodes : head;
  const columns = splitAt(listed, (node) => isSign(node, ",")).map((column) => {
    const named = column.findIndex((node) => isWord(node, "as"));
    const bare = named === -1 ? column : column.slice(0, named);
    return isWord(bare[0], "distinct") ? bare.slice(1) : bare;
  });
  return { columns, from: fromItems(clause(nodes, "from")), where: clause(nodes, "where"), nodes };
}

/** The items of a `FROM`, or of what stands behind `UPDATE` and `DELETE FROM`. */
export function fromItems(nodes: readonly SqlNode[]): FromItem[] {
  const items: FromItem[] = [];
  let isOptional = false;
  let item: SqlNode[] = [];
  const take = () => {
    if (item.length > 0) items.push(fromItem(item, isOptional));
    item = [];
  };
  nodes.forEach((node, at) => {
    if (isSign(node, ",") || isWord(node, ...JOINS)) {
      take();
      isOptional = isWord(node, "left") || (isWord(nodes[at - 1], "left", "outer") && isOptional);
    } else item.push(node);
  });
  take();
  return items;
}

function fromItem(nodes: readonly SqlNode[], isOptional: boolean): FromItem {
  const [first, second] = nodes;
  const onAt = nodes.findIndex((node) => isWord(node, "on"));
  const on = onAt === -1 ? [] : nodes.slice(onAt + 1);
  const isFunction = second?.kind === "group";
  const names = nodes.slice(isFunction ? 2 : 1, onAt === -1 ? nodes.length : onAt);
  const given = isWord(names[0], "as") ? names[1] : names[0];
  const isNamed = given !== undefined && !isWord(given, "indexed", "not", "where");
  const select = first?.kind === "group" ? first.nodes : undefined;
  const table = select || isFunction ? undefined : textOf(first);
  return { table, alias: isNamed ? textOf(given) : textOf(first), select, on, isOptional };
}
