import { readSingleReference } from "../dialect/manager.ts";
import { readNamedElements } from "../dialect/remove-with-value.ts";
import { readStringifiedRoles } from "../dialect/stringified-roles.ts";
import { readWrappedValue } from "../dialect/wrapped-value.ts";
import { invalidValue } from "../error.ts";
import { printPath } from "../filter/print.ts";
import { givenTwice } from "../value/given-twice.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { readMemberIds } from "../members.ts";
import type { Attribute } from "../schema/attribute.ts";
import { findSubAttribute } from "../schema/find-attribute.ts";
import { MEMBERS } from "../schema/group.ts";
import { isEmptyValue, normalizeValue } from "../value/value.ts";
import type { AttributeTarget } from "./operation.ts";
import type { RawChange } from "./raw-operation.ts";

/**
 * The value of an operation on an attribute in the form that `PatchOperation` describes, or undefined when the
 * operation changes nothing (an empty list is added or removed, an object without a sub-attribute that can be set).
 */
export function canonicalValue(
  { op, value }: RawChange,
  target: AttributeTarget,
): { value: JsonValue | undefined } | undefined {
  if (op === "remove") return canonicalRemoval(target, value);
  const { attribute, subAttribute } = target.path;
  const where = printPath(target.path);
  const given = readWrappedValue(subAttribute ?? attribute, readStringifiedRoles(attribute, value));
  if (subAttribute === undefined && target.valueFilter !== undefined) {
    return canonicalPart(attribute, readElement(attribute, given), where);
  }
  if (subAttribute === undefined && attribute.type === "complex" && !attribute.multiValued) {
    return canonicalPart(attribute, readSingleReference(attribute, given), where);
  }
  const canonical = canonicalLeaf(target, given, where);
  const isNothing =
    canonical === undefined && op === "add" && (subAttribute ?? attribute).multiValued;
  return isNothing ? undefined : { value: canonical };
}

function canonicalRemoval(target: AttributeTarget, value: JsonValue | undefined) {
  const named = readNamedElements(target, value);
  if (named === undefined) return { value: undefined };
  const elements = canonicalLeaf(target, named, printPath(target.path));
  return elements === undefined ? undefined : { value: elements };
}

function canonicalLeaf(
  { path }: AttributeTarget,
  value: JsonValue,
  where: string,
): JsonValue | undefined {
  if (path.attribute !== MEMBERS || path.subAttribute !== undefined) {
    return normalizeValue(path.subAttribute ?? path.attribute, value, where);
  }
  const ids = readMemberIds(value);
  return ids.length === 0 ? undefined : ids;
}

/**
 * The sub-attributes that are given for one complex value. RFC 7644 §3.5.2.3: those that are not given stay, so that
 * the ones given as empty have to be told apart: they are null.
 */
function canonicalPart(
  attribute: Attribute,
  value: JsonValue,
  where: string,
): { value: JsonValue | undefined } | undefined {
  if (!isJsonObject(value)) {
    if (isEmptyValue(value)) return { value: undefined };
    throw invalidValue(`The value of "${where}" must be an object.`);
  }
  const part: JsonObject = {};
  for (const [name, given] of Object.entries(value)) {
    const subAttribute = findSubAttribute(attribute, name);
    if (subAttribute === undefined || subAttribute.mutability === "readOnly") continue;
    const subWhere = `${where}.${subAttribute.name}`;
    if (Object.hasOwn(part, subAttribute.name)) throw givenTwice(subWhere);
    part[subAttribute.name] = normalizeValue(subAttribute, given, subWhere) ?? null;
  }
  return Object.keys(part).length === 0 ? undefined : { value: part };
}

/** One element, where it was sent in a list of one, or as the text that is its `value`. */
function readElement(attribute: Attribute, value: JsonValue): JsonValue {
  const given = Array.isArray(value) ? value : [value];
  if (given.length > 1) return value;
  const [only = null] = given;
  const isText = typeof only === "string" && !isEmptyValue(only);
  return isText && findSubAttribute(attribute, "value") !== undefined ? { value: only } : only;
}
