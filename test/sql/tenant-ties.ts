import { inlineWith } from "./inline-with.ts";
import { clause, fromItems, selectParts, selectsOf } from "./select-parts.ts";
import { FENCE, isSelect, KEY, worst, type Scope, type Tie } from "./scopes.ts";
import { isSign, isWord, splitAt, sqlNodes, type SqlNode } from "./sql-nodes.ts";
import { openScope, scopeOf, tieOf, type Reading } from "./tie-conditions.ts";

export interface TenantTies {
  /** Each table with rows of tenants, as often as the statement names it. */
  readonly tables: readonly { readonly table: string; readonly tie: Tie }[];
  /** Which parameters are numbers of tenants, from 0. */
  readonly tenantKeys: ReadonlySet<number>;
}

/**
 * Where a statement is tied to tenants, at each table that it names. `ofTenants` are the tables whose rows belong
 * to tenants. Throws for what is no SQL of ours. Reads what this project writes and not all of SQL; what it does
 * not understand is not tied.
 */
export function tenantTies(sql: string, ofTenants: ReadonlySet<string>): TenantTies {
  const nodes = inlineWith(sqlNodes(sql.trim()));
  const tables: { table: string; tie: Tie }[] = [];
  const reading: Reading = { ofTenants, tenantKeys: new Set() };

  function visit(select: readonly SqlNode[], outer: Scope | undefined): void {
    for (const one of selectsOf(select)) {
      const scope = scopeOf(one, outer, reading);
      settle(scope);
      visitInner(one, scope);
    }
  }

  function visitInner(inside: readonly SqlNode[], scope: Scope | undefined): void {
    for (const node of inside) {
      if (node.kind !== "group") continue;
      if (isSelect(node.nodes)) visit(node.nodes, scope);
      else visitInner(node.nodes, scope);
    }
  }

  function settle(scope: Scope): void {
    for (const { isOfTenants, table = "", tie } of scope.sources) {
      if (isOfTenants) tables.push({ table, tie });
    }
  }

  /** `INSERT INTO table (columns) …`: the tenant's number is the first of them. */
  function visitInsert(): void {
    const into = nodes.findIndex((node) => isWord(node, "into"));
    const [target, names] = nodes.slice(into + 1);
    const conflict = nodes.findIndex(
      (node, at) => isWord(node, "on") && isWord(nodes[at + 1], "conflict"),
    );
    const rows = nodes.slice(into + 3, conflict === -1 ? nodes.length : conflict);
    const table = textOf(target);
    const column = names?.kind === "group" ? textOf(names.nodes[0]) : "";
    const isKey = column === KEY || (table === FENCE && column === "tenant_id");
    if (ofTenants.has(table)) {
      const ties = selectsOf(rows).map((one) =>
        tieOf(selectParts(one).columns[0] ?? [], scopeOf(one, undefined, reading), column, reading),
      );
      tables.push({ table, tie: isKey ? worst(ties) : "none" });
    }
    visit(rows, undefined);
    // What an upsert looks up.
    if (conflict !== -1) visitInner(nodes.slice(conflict), undefined);
  }

  /** `UPDATE` and `DELETE`. */
  function visitChange(target: readonly SqlNode[], more: readonly SqlNode[]): void {
    const items = [...fromItems(target), ...fromItems(more)];
    const scope = openScope(items, clause(nodes, "where"), undefined, reading);
    settle(scope);
    visitInner(nodes, scope);
  }

  /** `UPDATE [OR …] table SET …`, which leaves a row with its tenant. */
  function visitUpdate(): void {
    const set = nodes.findIndex((node) => isWord(node, "set"));
    visitChange(nodes.slice(isWord(nodes[1], "or") ? 3 : 1, set), clause(nodes, "from"));
    const columns = splitAt(clause(nodes, "set"), (node) => isSign(node, ","));
    if (columns.some(([first]) => textOf(first) === KEY)) tables.push({ table: KEY, tie: "none" });
  }

  if (isWord(nodes[0], "insert")) visitInsert();
  else if (isWord(nodes[0], "delete")) visitChange(clause(nodes, "from"), []);
  else if (isWord(nodes[0], "update")) visitUpdate();
  else if (isSelect(nodes)) visit(nodes, undefined);
  else throw new Error(`Neither read nor write: ${sql}`);
  const missed = tablesNamed(nodes, ofTenants).length - tables.length;
  if (missed > 0) throw new Error(`${missed} tables were not found: ${sql}`);
  return { tables, tenantKeys: reading.tenantKeys };
}

/** The tables of tenants that the statement names where a table stands. */
function tablesNamed(nodes: readonly SqlNode[], ofTenants: ReadonlySet<string>): string[] {
  return nodes.flatMap((node, at) => {
    if (node.kind === "group") return tablesNamed(node.nodes, ofTenants);
    const isTable = isWord(nodes[at - 1], "from", "join", "into", "update");
    return isTable && ofTenants.has(textOf(node)) ? [textOf(node)] : [];
  });
}

const textOf = (node: SqlNode | undefined): string =>
  node?.kind === "word" || node?.kind === "name" ? node.text.toLowerCase() : "";
