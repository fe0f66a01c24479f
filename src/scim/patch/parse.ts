import { invalidValue, noTarget } from "../error.ts";
import { copyForeign } from "../value/foreign-extension.ts";
import { givenTwice } from "../value/given-twice.ts";
import { isJsonObject, type JsonValue } from "../json.ts";
import { parsePath, resolveName } from "../path.ts";
import type { ResourceType } from "../schema/attribute.ts";
import { isEmptyValue } from "../value/value.ts";
import { canonicalValue } from "./canonical-value.ts";
import { checkTarget } from "./check-target.ts";
import type { ForeignTarget, PatchOperation, PatchTarget } from "./operation.ts";
import { type RawChange, readRawOperations } from "./raw-operation.ts";
import { targetKeys } from "./target-keys.ts";

export interface ParsedPatch {
  readonly operations: PatchOperation[];
  /** Names that this resource type does not have, each once, for the provisioning log. */
  readonly ignored: string[];
}

/**
 * Turns a PATCH body (RFC 7644 §3.5.2, in the dialects of Entra and Okta) into canonical operations, in order. Promises
 * that every value fits the schema and that nothing read-only, no password and no `schemas` is left. An operation
 * without a path, or on a whole extension, has become one operation per attribute that it names, so that whatever it
 * does not name stays: Okta renames a group with `{"id": …, "displayName": …}`.
 */
export function parsePatch(body: JsonValue, type: ResourceType): ParsedPatch {
  const operations: PatchOperation[] = [];
  const ignored = new Set<string>();
  for (const { path, ...change } of readRawOperations(body)) {
    const target: PatchTarget = path === undefined ? { kind: "resource" } : parsePath(path, type);
    const named: Named = { ...change, target, isPath: path !== undefined };
    for (const operation of interpret(named, type, ignored)) operations.push(operation);
  }
  return { operations, ignored: [...ignored] };
}

/** A target with what is to happen to it; `isPath` when the client named it in `path`, not as a key of a value. */
type Named = RawChange & { readonly target: PatchTarget; readonly isPath: boolean };

function interpret(named: Named, type: ResourceType, ignored: Set<string>): PatchOperation[] {
  const { op, target, value } = named;
  switch (target.kind) {
    case "unknown":
      ignored.add(target.name.slice(0, MAX_REPORTED_CHARACTERS));
      return [];
    case "resource":
      if (op === "remove") throw noTarget('A "remove" needs a path that says what to remove.');
      return takeApart({ op, target, value }, (key) => key, type, ignored);
    case "extension":
      if (op === "remove") return [{ op, target, value: undefined }];
      if (isJsonObject(value)) {
        return takeApart({ op, target, value }, (key) => `${target.uri}:${key}`, type, ignored);
      }
      if (!isEmptyValue(value))
        throw invalidValue(`The value of "${target.uri}" must be an object.`);
      return op === "replace" ? [{ op, target, value: undefined }] : [];
    case "foreign": {
      const copy = op === "remove" ? undefined : copyOne(target, value);
      // Adding an empty list adds nothing.
      return op === "add" && copy === undefined && Array.isArray(value)
        ? []
        : [{ op, target, value: copy }];
    }
    case "attribute": {
      const verdict = checkTarget(target, named.isPath);
      if (verdict === "drop") return [];
      const canonical = canonicalValue(named, target);
      return canonical === undefined ? [] : [{ op, target, value: canonical.value }];
    }
  }
}

/** What the journal is told of a name that may be a thousand characters long. */
const MAX_REPORTED_CHARACTERS = 100;

/** What is set by its attributes, each of which becomes an operation of its own. */
interface Parts {
  readonly op: "add" | "replace";
  readonly target: PatchTarget;
  readonly value: JsonValue;
}

function takeApart(
  { op, target, value }: Parts,
  nameOf: (key: string) => string,
  type: ResourceType,
  ignored: Set<string>,
): PatchOperation[] {
  if (!isJsonObject(value)) {
    throw invalidValue(`A "${op}" without a path must have an object of attributes as its value.`);
  }
  const parts = Object.entries(value).flatMap(([key, part]) =>
    interpret(
      { op, target: readKey(key, nameOf(key), target, type), value: part, isPath: false },
      type,
      ignored,
    ),
  );
  const seen = new Set<string>();
  for (const { key, name } of parts.flatMap(targetKeys)) {
    if (seen.has(key)) throw givenTwice(name);
    seen.add(key);
  }
  return parts;
}

/** Keys are names, dotted names, names behind a URI, schema URIs, and (from gateways) paths with brackets. */
function readKey(key: string, name: string, parent: PatchTarget, type: ResourceType): PatchTarget {
  const isForeign =
    parent.kind === "extension" &&
    !type.schemaExtensions.some(({ schema }) => schema.id === parent.uri);
  // Inside an extension that no schema describes, every key is a name, whatever it looks like.
  if (isForeign) return { kind: "foreign", uri: parent.uri, name: key, subName: undefined };
  if (key.includes("[")) return parsePath(name, type);
  return resolveName(name, type) ?? { kind: "unknown", name: key };
}

function copyOne(target: ForeignTarget, value: JsonValue): JsonValue | undefined {
  if (isEmptyValue(value)) return undefined;
  return copyForeign(Object.fromEntries([[target.name, value]]), target.uri)?.[target.name];
}
