import { findTopLevelEnterprise } from "../dialect/top-level-enterprise.ts";
import { invalidFilter, type ScimError } from "../error.ts";
import { type Attribute, isSimple, type ResourceType } from "../schema/attribute.ts";
import { findPath, findSubAttribute } from "../schema/find-attribute.ts";
import type { AttributePath, Filter } from "./ast.ts";
import { readComparisonValue } from "./comparison-value.ts";
import { position } from "./lex.ts";
import type { SyntaxName, SyntaxTest, SyntaxTree } from "./syntax-tree.ts";

/** What the names of a filter mean: at the top of a resource, or inside one element. */
type Scope = (name: SyntaxName) => AttributePath;

/**
 * Gives a filter its meaning by the schemas of a resource type. Promises the tree that `Filter` describes;
 * whatever has no meaning (an unknown attribute, an operator that its type does not have) is `invalidFilter`, and
 * never an unfiltered answer, which an identity provider would take for several matches (RFC 7644 §3.4.2.2).
 */
export function resolveFilter(tree: SyntaxTree, type: ResourceType): Filter {
  return resolve(tree, (name) =>
    readable(findPath(type, name.text) ?? findTopLevelEnterprise(type, name.text), name),
  );
}

/** Gives the filter between brackets its meaning: its names are the sub-attributes of `attribute`. */
export function resolveElementFilter(tree: SyntaxTree, attribute: Attribute): Filter {
  return resolve(tree, elementScope(attribute));
}

function resolve(tree: SyntaxTree, scope: Scope): Filter {
  switch (tree.kind) {
    case "and":
    case "or":
      return {
        kind: tree.kind,
        left: resolve(tree.left, scope),
        right: resolve(tree.right, scope),
      };
    case "not":
      return { kind: "not", filter: resolve(tree.inner, scope) };
    case "term":
      return resolveTest(scope(tree.name), tree.test, tree.name);
    case "valuePath":
      return resolveValuePath(tree, scope);
  }
}

function resolveTest(path: AttributePath, test: SyntaxTest, name: SyntaxName): Filter {
  if (test.kind === "present") return { kind: "present", path };
  const { operator, value } = test;
  const leaf = path.subAttribute ?? path.attribute;
  if (isSimple(leaf))
    return { kind: "compare", path, operator, value: readComparisonValue(leaf, operator, value) };
  const isNull = !value.quoted && value.text.toLowerCase() === "null";
  // A complex attribute as a whole is there or not (§3.4.2.2: `null` and `pr` are each other's opposite).
  if (isNull && operator === "ne") return { kind: "present", path };
  if (isNull && operator === "eq") return { kind: "not", filter: { kind: "present", path } };
  const subAttribute = findSubAttribute(leaf, "value");
  if (subAttribute === undefined || !isSimple(subAttribute)) {
    throw invalidFilter(
      `"${leaf.name}" has sub-attributes: compare one of them, at ${position(name)}.`,
    );
  }
  return {
    kind: "compare",
    path: readable({ ...path, subAttribute }, name),
    operator,
    value: readComparisonValue(subAttribute, operator, value),
  };
}

function resolveValuePath(tree: SyntaxTree & { kind: "valuePath" }, scope: Scope): Filter {
  const path = scope(tree.name);
  if (path.subAttribute !== undefined || path.attribute.type !== "complex") {
    throw invalidFilter(
      `Only an attribute with sub-attributes takes brackets, at ${position(tree.name)}.`,
    );
  }
  // Brackets on a single value only repeat its name, so that no consumer meets them there.
  const inner = path.attribute.multiValued ? elementScope(path.attribute) : singleScope(path);
  const chosen = resolve(tree.inner, inner);
  const filter: Filter =
    tree.behind === undefined
      ? chosen
      : {
          kind: "and",
          left: chosen,
          right: resolveTest(inner(tree.behind.name), tree.behind.test, tree.behind.name),
        };
  return path.attribute.multiValued
    ? { kind: "valuePath", path, filter }
    : { kind: "and", left: { kind: "present", path }, right: filter };
}

function elementScope(attribute: Attribute): Scope {
  return (name) => {
    const found = findSubAttribute(attribute, name.text);
    const path = found && { extension: undefined, attribute: found, subAttribute: undefined };
    return readable(path, name);
  };
}

function singleScope(path: AttributePath): Scope {
  return (name) => {
    const subAttribute = findSubAttribute(path.attribute, name.text);
    return readable(subAttribute && { ...path, subAttribute }, name);
  };
}

/** RFC 7643 §7: what is never returned must not be found out by asking for it either (RFC 7644 §7.5). */
function readable(path: AttributePath | undefined, name: SyntaxName): AttributePath {
  if (path === undefined) throw unknownAttribute(name);
  if (path.attribute.returned === "never" || path.subAttribute?.returned === "never") {
    throw invalidFilter(
      `"${path.attribute.name}" cannot be used in a filter, at ${position(name)}.`,
    );
  }
  return path;
}

/** A name is repeated only when it can be nothing but a name: an unquoted value may be personal data. */
function unknownAttribute(name: SyntaxName): ScimError {
  return PLAIN_NAME.test(name.text)
    ? invalidFilter(`Unknown attribute "${name.text}" at ${position(name)}.`)
    : invalidFilter(`Unknown attribute at ${position(name)}.`);
}

const PLAIN_NAME = /^[a-z$][a-z0-9$_.-]{0,98}$/i;
