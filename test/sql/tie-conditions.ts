import { selectParts, selectsOf, type FromItem } from "./select-parts.ts";
import {
  better,
  columnOf,
  FENCE,
  isSelect,
  KEY,
  parameterOf,
  worst,
  type Scope,
  type Source,
  type Tie,
} from "./scopes.ts";
import { isSign, isWord, splitAt, type SqlNode } from "./sql-nodes.ts";

/** What a statement is read against, and what is found on the way. */
export interface Reading {
  /** The names of the tables whose rows belong to tenants. */
  readonly ofTenants: ReadonlySet<string>;
  /** The parameters that are numbers of tenants, from 0. */
  readonly tenantKeys: Set<number>;
}

type Nodes = readonly SqlNode[];

/** Columns that tell one tenant from all others in tables that hold no rows of tenants. */
const OF_LISTS: Readonly<Record<string, readonly string[]>> = {
  tenants: ["id", "slug"],
  credential_index: ["digest", "tenant_id"],
  moves: ["tenant_id"],
};

/** What a `FROM` brings into a select, tied to tenants by its conditions. */
export function openScope(
  items: readonly FromItem[],
  where: Nodes,
  outer: Scope | undefined,
  reading: Reading,
): Scope {
  const scope = { sources: items.map((item) => sourceOf(item, outer, reading)), outer };
  spread(scope, where, reading);
  // A walk through the tenants shows nothing of theirs; what hangs on it is of one of them each time.
  const walks = scope.sources.filter(({ table, tie }) => table === FENCE && tie === "none");
  for (const source of walks) source.tie = "many";
  if (walks.length > 0) spread(scope, where, reading);
  return scope;
}

export function scopeOf(select: Nodes, outer: Scope | undefined, reading: Reading): Scope {
  const { from, where } = selectParts(select);
  return openScope(from, where, outer, reading);
}

function sourceOf(item: FromItem, outer: Scope | undefined, reading: Reading): Source {
  const { table, select } = item;
  if (table !== undefined && reading.ofTenants.has(table)) {
    const tenantColumns = [KEY, "rowid", ...(table === FENCE ? ["tenant_id"] : [])];
    return { ...item, isOfTenants: true, tenantColumns, tie: "none" };
  }
  if (table !== undefined) {
    return { ...item, isOfTenants: false, tenantColumns: OF_LISTS[table] ?? [], tie: "none" };
  }
  // Nobody has looked at what a list holds.
  if (!select) return { ...item, isOfTenants: false, tenantColumns: ["value"], tie: "many" };
  const inside = selectsOf(select).flatMap((one) => {
    const { sources } = scopeOf(one, outer, reading);
    const own = sources.filter(({ isOfTenants }) => isOfTenants);
    return (own.length > 0 ? own : sources).map(({ tie }) => tie);
  });
  const tenantColumns = [KEY, "tenant_id", "row"];
  return { ...item, isOfTenants: false, tenantColumns, tie: worst(inside) };
}

/** Follows the conditions from what is bound to what hangs on it, as far as they lead. */
function spread(scope: Scope, where: Nodes, reading: Reading): void {
  const state = () => scope.sources.map(({ tie }) => tie).join();
  const apply = (found: ReadonlyMap<Source, Tie>, to: readonly Source[]) => {
    for (const [source, tie] of found) {
      if (to.includes(source)) source.tie = better(source.tie, tie);
    }
  };
  for (let before = ""; before !== state();) {
    before = state();
    apply(tiesOf(where, scope, reading), scope.sources);
    for (const source of scope.sources) {
      const to = source.isOptional ? [source] : scope.sources;
      apply(tiesOf(source.on, scope, reading), to);
    }
  }
}

/** What a condition ties where it holds: with AND what any part ties, with OR what every part does. */
function tiesOf(nodes: Nodes, scope: Scope, reading: Reading): Map<Source, Tie> {
  const ors = splitLogic(nodes, "or");
  if (ors.length > 1) {
    const [first, ...others] = ors.map((part) => tiesOf(part, scope, reading));
    const everywhere = (source: Source, tie: Tie) =>
      worst([tie, ...others.map((other) => other.get(source) ?? "none")]);
    return new Map([...(first ?? [])].map(([source, tie]) => [source, everywhere(source, tie)]));
  }
  const ands = splitLogic(nodes, "and");
  const [only] = nodes;
  if (ands.length > 1) {
    const found = new Map<Source, Tie>();
    for (const [source, tie] of ands.flatMap((part) => [...tiesOf(part, scope, reading)])) {
      found.set(source, better(found.get(source) ?? "none", tie));
    }
    return found;
  }
  const isGroup = nodes.length === 1 && only?.kind === "group" && !isSelect(only.nodes);
  return isGroup ? tiesOf(only.nodes, scope, reading) : tiesOfComparison(nodes, scope, reading);
}

function tiesOfComparison(nodes: Nodes, scope: Scope, reading: Reading): Map<Source, Tie> {
  const found = new Map<Source, Tie>();
  if (isWord(nodes[0], "case", "not")) return found;
  const equals = nodes.findIndex((node) => isSign(node, "="));
  const among = nodes.findIndex((node) => isWord(node, "in"));
  if (equals !== -1) {
    const [left, right] = [nodes.slice(0, equals), nodes.slice(equals + 1)];
    for (const [side, other] of [[left, right] as const, [right, left] as const]) {
      const column = columnOf(side, scope);
      if (column) found.set(column.source, tieOf(other, scope, column.name, reading));
    }
  } else if (among !== -1 && !isWord(nodes[among - 1], "not")) {
    const list = nodes[among + 1];
    const left = nodes.slice(0, among);
    const row = left.length === 1 && left[0]?.kind === "group" ? left[0].nodes : left;
    splitAt(row, (node) => isSign(node, ",")).forEach((part, at) => {
      const column = columnOf(part, scope);
      if (!column || list?.kind !== "group") return;
      const { source, name } = column;
      if (isSelect(list.nodes)) {
        found.set(source, tieOfSelect(list.nodes, scope, name, reading, at));
      } else if (name === "digest") {
        // One token has a digest under each pepper.
        found.set(source, "one");
      }
    });
  }
  return found;
}

/** How a value is tied that a column of this name is compared with. */
export function tieOf(value: Nodes, scope: Scope, name: string, reading: Reading): Tie {
  const parameter = parameterOf(value);
  if (parameter !== undefined) {
    if (name === KEY) reading.tenantKeys.add(parameter);
    return name === "rowid" ? "none" : "one";
  }
  const [first] = value;
  if (value.length === 1 && first?.kind === "group") {
    return isSelect(first.nodes)
      ? tieOfSelect(first.nodes, scope, name, reading)
      : tieOf(first.nodes, scope, name, reading);
  }
  // A part of what a list holds: `named.value ->> 'tenantKey'`.
  const path = value.findIndex((node) => isSign(node, "->>"));
  const column = columnOf(path === -1 ? value : value.slice(0, path), scope);
  return column?.source.tie ?? "none";
}

function tieOfSelect(select: Nodes, scope: Scope, name: string, reading: Reading, at = 0): Tie {
  return worst(
    selectsOf(select).map((one) => {
      const value = selectParts(one).columns[at] ?? [];
      return tieOf(value, scopeOf(one, scope, reading), name, reading);
    }),
  );
}

/** The parts of `a AND b`, where an AND may also belong to a BETWEEN, and anything may stand in a CASE. */
function splitLogic(nodes: Nodes, word: "and" | "or"): SqlNode[][] {
  let isBetween = false;
  let cases = 0;
  return splitAt(nodes, (node) => {
    if (isWord(node, "case")) cases += 1;
    if (isWord(node, "end")) cases -= 1;
    if (isWord(node, "between")) isBetween = true;
    if (!isWord(node, word) || cases > 0) return false;
    const isSeparator = word === "or" || !isBetween;
    isBetween = false;
    return isSeparator;
  });
}
