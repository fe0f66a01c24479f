import { readSingleReference } from "../dialect/manager.ts";
import { invalidValue } from "../error.ts";
import { givenTwice } from "./given-twice.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { settleElements } from "./settle-elements.ts";
import { type Attribute, isSimple } from "../schema/attribute.ts";
import { findSubAttribute, subAttributesOf } from "../schema/find-attribute.ts";
import { normalizeSimple } from "./simple-value.ts";

/**
 * The value of an attribute in the one form in which documents hold it, or undefined when it says that the
 * attribute has no value: `null`, `""`, white space, `[]`, `{}`, or a structure that holds nothing else
 * (RFC 7643 §2.5; Entra and Okta clear attributes with empty strings).
 *
 * The result is a copy made from the schema: it holds only names that the schema knows, in the schema's
 * spelling. Unknown and read-only sub-attributes are left out, since neither may sink a request (RFC 7644
 * §3.5.1; Entra maps attributes that a server has never heard of). `where` names the attribute in the
 * detail of an error, which never repeats the value.
 */
export function normalizeValue(
  attribute: Attribute,
  value: JsonValue,
  where: string,
): JsonValue | undefined {
  if (!attribute.multiValued) return normalizeOne(attribute, value, where);
  // A client that knows one address sends one address.
  const given = Array.isArray(value) ? value : [value];
  const elements = given
    .map((element) => normalizeOne(attribute, asElement(attribute, element), where))
    .filter((element) => element !== undefined);
  const settled = settleElements(elements);
  return settled.length === 0 ? undefined : settled;
}

/** Whether a value says "no value" before any schema is asked. */
export function isEmptyValue(value: JsonValue): boolean {
  if (value === null) return true;
  if (typeof value === "string") return value.trim() === "";
  return typeof value === "object" && Object.keys(value).length === 0;
}

function normalizeOne(
  attribute: Attribute,
  value: JsonValue,
  where: string,
): JsonValue | undefined {
  if (isEmptyValue(value)) return undefined;
  if (isSimple(attribute)) return normalizeSimple(attribute, value, where);
  const object = attribute.multiValued ? value : readSingleReference(attribute, value);
  if (isEmptyValue(object)) return undefined;
  if (!isJsonObject(object)) throw invalidValue(`The value of "${where}" must be an object.`);
  return normalizeComplex(attribute, object, where);
}

function normalizeComplex(
  attribute: Attribute,
  object: JsonObject,
  where: string,
): JsonObject | undefined {
  const given = new Map<Attribute, JsonValue>();
  for (const [name, value] of Object.entries(object)) {
    const subAttribute = findSubAttribute(attribute, name);
    if (subAttribute === undefined || subAttribute.mutability === "readOnly") continue;
    if (given.has(subAttribute)) throw givenTwice(`${where}.${subAttribute.name}`);
    given.set(subAttribute, value);
  }
  const entries: [string, JsonValue][] = [];
  // The schema's order, so that equal values are written alike.
  for (const subAttribute of subAttributesOf(attribute)) {
    const value = given.get(subAttribute);
    if (value === undefined) continue;
    const normalized = normalizeValue(subAttribute, value, `${where}.${subAttribute.name}`);
    if (normalized !== undefined) entries.push([subAttribute.name, normalized]);
  }
  const isBare = attribute.multiValued && entries.every(([name]) => LABELS.has(name));
  return entries.length === 0 || isBare ? undefined : Object.fromEntries(entries);
}

/** What is left of an element whose content was cleared: Entra sends `{"type": "work", "primary": false}`. */
const LABELS: ReadonlySet<string> = new Set(["type", "primary"]);

/** `["a@example.com"]` stands for `[{"value": "a@example.com"}]` where elements have a `value`. */
function asElement(attribute: Attribute, element: JsonValue): JsonValue {
  const isPlain = typeof element === "string" && element.trim() !== "";
  return isPlain && findSubAttribute(attribute, "value") !== undefined
    ? { value: element }
    : element;
}
