/** A piece of SQL. Words are in lower case unless they were quoted; `parameter` counts from 0. */
export type SqlNode =
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "name"; readonly text: string }
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "parameter"; readonly at: number; readonly text: string }
  | { readonly kind: "sign"; readonly text: string }
  | { readonly kind: "group"; readonly nodes: readonly SqlNode[] };

const PIECE =
  /\s+|(?<literal>'(?:[^']|'')*'|\d[\w.]*)|"(?<name>(?:[^"]|"")*)"|(?<word>[A-Za-z_]\w*)|(?<parameter>\?\d*)|(?<sign>->>|->|\|\||<>|<=|>=|!=|==|-(?!-)|[+*/%<>=,.()])/gy;

/** The statement as a tree: what stands in brackets is one node. Throws for what is no SQL of ours. */
export function sqlNodes(sql: string): readonly SqlNode[] {
  const open: SqlNode[][] = [[]];
  let parameters = 0;
  let end = 0;
  for (const { 0: text, groups = {}, index } of sql.matchAll(PIECE)) {
    if (index !== end) break;
    end = index + text.length;
    const into = open.at(-1);
    if (groups["sign"] === "(") open.push([]);
    else if (groups["sign"] === ")") {
      open.pop();
      open.at(-1)?.push({ kind: "group", nodes: into ?? [] });
    } else if (groups["sign"] !== undefined) into?.push({ kind: "sign", text });
    else if (groups["literal"] !== undefined) into?.push({ kind: "literal", text });
    else if (groups["name"] !== undefined) into?.push({ kind: "name", text: groups["name"] });
    else if (groups["word"] !== undefined) into?.push({ kind: "word", text: text.toLowerCase() });
    else if (groups["parameter"] !== undefined) {
      into?.push({ kind: "parameter", at: parameters++, text });
    }
  }
  const [nodes, ...unclosed] = open;
  if (!nodes || unclosed.length > 0 || end !== sql.length) {
    throw new Error(`Not understood from character ${end}: ${sql}`);
  }
  return nodes;
}

/** Whether the node is one of these words. */
export const isWord = (node: SqlNode | undefined, ...words: readonly string[]): boolean =>
  node?.kind === "word" && words.includes(node.text);

export const isSign = (node: SqlNode | undefined, ...signs: readonly string[]): boolean =>
  node?.kind === "sign" && signs.includes(node.text);

/** The parts between the separators, which stand at the level of the nodes and not in brackets. */
export function splitAt(
  nodes: readonly SqlNode[],
  isSeparator: (node: SqlNode, at: number) => boolean,
): SqlNode[][] {
  const parts: SqlNode[][] = [[]];
  nodes.forEach((node, at) => {
    if (isSeparator(node, at)) parts.push([]);
    else parts.at(-1)?.push(node);
  });
  return parts;
}
