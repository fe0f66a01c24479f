import { invalidFilter } from "../error.ts";
import type { ResourceType } from "../schema/attribute.ts";
import type { Filter } from "./ast.ts";
import { lex } from "./lex.ts";
import { parseSyntax } from "./parse-syntax.ts";
import { resolveFilter } from "./resolve.ts";

/**
 * Reads the `filter` parameter (RFC 7644 §3.4.2.2, whole grammar) against a resource type. Promises a tree whose
 * names are the schema's own and whose values have the types of their attributes; everything else is a 400
 * `invalidFilter` that names the place and never repeats the input.
 */
export function parseFilter(text: string, type: ResourceType): Filter {
  const tokens = lex(text, invalidFilter);
  return resolveFilter(parseSyntax({ ...tokens, fault: invalidFilter, index: 0, terms: 0 }), type);
}
