import { cut } from "./cut.ts";
import { readDottedExtension } from "./dialect/dotted-extension.ts";
import { findTopLevelEnterprise } from "./dialect/top-level-enterprise.ts";
import { invalidPath } from "./error.ts";
import type { AttributePath } from "./filter/ast.ts";
import { lex, position } from "./filter/lex.ts";
import { type Cursor, parseBehindBrackets, parseBrackets, peek } from "./filter/parse-syntax.ts";
import { resolveElementFilter } from "./filter/resolve.ts";
import type { SyntaxTree } from "./filter/syntax-tree.ts";
import type { PatchTarget } from "./patch/operation.ts";
import type { ResourceType } from "./schema/attribute.ts";
import { isProtocolUri } from "./value/foreign-extension.ts";
import {
  findPath,
  findSchema,
  findSchemaPrefix,
  findSubAttribute,
} from "./schema/find-attribute.ts";

const MAX_PATH_CHARACTERS = 1024;

/**
 * Reads a PATCH path by the grammar of RFC 7644 §3.5.2 (figure 7) and says what it means for a resource type. A path
 * that breaks the grammar is a 400 `invalidPath`; a filter in its brackets that has no meaning is `invalidFilter`
 * (§3.12, table 9); a well-formed path to an attribute that does not exist is `unknown`, never a fault.
 */
export function parsePath(text: string, type: ResourceType): PatchTarget {
  const cursor: Cursor = {
    ...lex(text, malformed, MAX_PATH_CHARACTERS),
    fault: malformed,
    index: 0,
    terms: 0,
  };
  const name = peek(cursor);
  const target = name.kind === "word" ? resolveName(name.text, type) : undefined;
  if (target === undefined) throw malformed(`Expected an attribute name at ${position(name)}.`);
  cursor.index += 1;
  const brackets = peek(cursor).kind === "[" ? parseBrackets(cursor) : undefined;
  const behind = brackets && parseBehindBrackets(cursor);
  const rest = peek(cursor);
  if (rest.kind !== "end") throw malformed(`Expected the end at ${position(rest)}.`);
  if (behind !== undefined && !NAME.test(behind.text)) {
    throw malformed(`Expected one sub-attribute name at ${position(behind)}.`);
  }
  return brackets === undefined
    ? target
    : chooseElements(target, brackets, behind?.text, name.text);
}

/** What a name without brackets means, or undefined when it is none: keys of a path-less value are such names. */
export function resolveName(text: string, type: ResourceType): PatchTarget | undefined {
  const name = readDottedExtension(type, text);
  const schema = findSchema(type, name);
  if (schema !== undefined) {
    return schema === type.schema ? { kind: "resource" } : { kind: "extension", uri: schema.id };
  }
  const prefix = findSchemaPrefix(type, name);
  if (prefix === undefined && name.includes(":")) {
    return isProtocolUri(name) ? { kind: "unknown", name } : resolveForeign(name);
  }
  if (!isAttributeName(name.slice(prefix === undefined ? 0 : prefix.id.length + 1)))
    return undefined;
  const path = findPath(type, name) ?? findTopLevelEnterprise(type, name);
  return path === undefined ? { kind: "unknown", name } : attributeTarget(path);
}

/**
 * No schema says where the URI ends and the attribute begins: schema URIs end in the name of a resource type or in a
 * version, attribute names begin with a small letter (RFC 7643 §2.1, §10.3).
 */
function resolveForeign(name: string): PatchTarget | undefined {
  const lastColon = name.lastIndexOf(":");
  const uri = name.slice(0, lastColon);
  const attribute = name.slice(lastColon + 1);
  if (attribute === "") return undefined;
  if (!/^[a-z]/.test(attribute) || !uri.includes(":")) return { kind: "extension", uri: name };
  if (!isAttributeName(attribute)) return undefined;
  const [attributeName, subName] = cut(attribute, ".");
  return { kind: "foreign", uri, name: attributeName, subName };
}

function chooseElements(
  target: PatchTarget,
  brackets: SyntaxTree,
  subName: string | undefined,
  name: string,
): PatchTarget {
  if (target.kind === "unknown" || target.kind === "foreign") return { kind: "unknown", name };
  if (target.kind !== "attribute" || target.path.subAttribute !== undefined) {
    throw malformed("Brackets must follow an attribute.");
  }
  const { attribute } = target.path;
  if (!attribute.multiValued || attribute.type !== "complex") {
    throw malformed(`"${attribute.name}" is not a list of objects and takes no brackets.`);
  }
  const valueFilter = resolveElementFilter(brackets, attribute);
  if (subName === undefined) return { ...target, valueFilter };
  const subAttribute = findSubAttribute(attribute, subName);
  if (subAttribute === undefined) return { kind: "unknown", name: `${attribute.name}.${subName}` };
  return { kind: "attribute", path: { ...target.path, subAttribute }, valueFilter };
}

function attributeTarget(path: AttributePath): PatchTarget {
  return { kind: "attribute", path, valueFilter: undefined };
}

/** RFC 7644 figure 7: an attribute, and at most one sub-attribute behind a dot. */
function isAttributeName(text: string): boolean {
  const parts = text.split(".");
  return parts.length <= 2 && parts.every((part) => NAME.test(part));
}

/** RFC 7643 §2.1, and the `$ref` of §2.4. */
const NAME = /^[a-z$][a-z0-9$_-]*$/i;

function malformed(detail: string) {
  return invalidPath(`The path is malformed. ${detail}`);
}
