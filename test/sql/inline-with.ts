import { isWord, type SqlNode } from "./sql-nodes.ts";

const textOf = (node: SqlNode | undefined): string =>
  node?.kind === "word" || node?.kind === "name" ? node.text.toLowerCase() : "";
const AS: SqlNode = { kind: "word", text: "as" };

/**
 * The same statement without `WITH name AS (…)`: the sub-select stands wherever its name did. One that names itself
 * keeps that name, which means no table.
 */
export function inlineWith(nodes: readonly SqlNode[]): readonly SqlNode[] {
  const inner = nodes.map((node): SqlNode =>
    node.kind === "group" ? { ...node, nodes: inlineWith(node.nodes) } : node,
  );
  const start = inner.findIndex((node) => isWord(node, "with"));
  if (start === -1) return inner;
  const bodies = new Map<string, SqlNode>();
  let at = start + (isWord(inner[start + 1], "recursive") ? 2 : 1);
  for (;;) {
    const name = textOf(inner[at]);
    const as = inner.findIndex((node, place) => place > at && isWord(node, "as"));
    const body = inner[as + 1];
    if (name === "" || body?.kind !== "group")
      throw new Error(`No sub-select behind WITH ${name}.`);
    bodies.set(name, { ...body, nodes: replaced(body.nodes, bodies) });
    at = as + 2;
    if (inner[at]?.kind !== "sign") break;
    at += 1;
  }
  return [...inner.slice(0, start), ...replaced(inner.slice(at), bodies)];
}

function replaced(
  nodes: readonly SqlNode[],
  bodies: ReadonlyMap<string, SqlNode>,
): readonly SqlNode[] {
  return nodes.flatMap((node, at): readonly SqlNode[] => {
    if (node.kind === "group") return [{ ...node, nodes: replaced(node.nodes, bodies) }];
    const body = isWord(nodes[at - 1], "from", "join") ? bodies.get(textOf(node)) : undefined;
    if (!body) return [node];
    const next = nodes[at + 1];
    const isNamed = isWord(next, "as") || next?.kind === "name";
    return isNamed ? [body] : [body, AS, node];
  });
}
