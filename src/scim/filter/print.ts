import type { AttributePath, Filter } from "./ast.ts";

/**
 * Writes a filter in its canonical form: schema names, lower-case operators, no parentheses that can be left out.
 * Promises that parsing the text gives an equal filter, so that equal texts are equal filters.
 */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case "or":
      return `${printFilter(filter.left)} or ${printOperand(filter.right, ["or"])}`;
    case "and":
      return `${printOperand(filter.left, ["or"])} and ${printOperand(filter.right, ["or", "and"])}`;
    case "not":
      return `not (${printFilter(filter.filter)})`;
    case "present":
      return `${printPath(filter.path)} pr`;
    case "compare":
      return `${printPath(filter.path)} ${filter.operator} ${JSON.stringify(filter.value)}`;
    case "valuePath":
      return `${printPath(filter.path)}[${printFilter(filter.filter)}]`;
  }
}

/** Chains are read from the left, so that a chain on the right was a group. */
function printOperand(filter: Filter, grouped: readonly Filter["kind"][]): string {
  return grouped.includes(filter.kind) ? `(${printFilter(filter)})` : printFilter(filter);
}

/** The schema's own name for a path, as filters, paths and errors write it. */
export function printPath({ extension, attribute, subAttribute }: AttributePath): string {
  const name = extension === undefined ? attribute.name : `${extension}:${attribute.name}`;
  return subAttribute === undefined ? name : `${name}.${subAttribute.name}`;
}
