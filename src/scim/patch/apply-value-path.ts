import { noTarget } from "../error.ts";
import type { Filter } from "../filter/ast.ts";
import { matches } from "../filter/match.ts";
import { printPath } from "../filter/print.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { mergeValue } from "./merge-value.ts";
import { asObject, mergePart } from "./merge-part.ts";
import type { AttributeTarget, PatchOperation } from "./operation.ts";

/**
 * The elements of a complex multi-valued attribute after an operation on those that its value filter chooses, or on
 * all of them when a sub-attribute is named without a filter (`emails.value`).
 *
 * RFC 7644 §3.5.2.3: chosen elements are replaced as a whole, or in the sub-attribute that is named. What the filter
 * demands with `eq` stays part of a replaced element, since the client has said it. Removing what is not there changes
 * nothing.
 */
export function applyValuePath(
  { op, value }: PatchOperation,
  target: AttributeTarget,
  elements: readonly JsonValue[],
): JsonValue[] {
  const isChosen = (element: JsonValue) =>
    target.valueFilter === undefined ||
    (isJsonObject(element) && matches(target.valueFilter, element));
  const isClearing = op === "remove" || value === undefined;
  if (target.path.subAttribute === undefined && isClearing) {
    return op === "add" ? [...elements] : elements.filter((element) => !isChosen(element));
  }
  if (!isClearing && !elements.some(isChosen))
    return [...elements, change(op, target, createElement(target), value)];
  return elements.map((element) =>
    isChosen(element) ? change(op, target, asObject(element), value) : element,
  );
}

function change(
  op: PatchOperation["op"],
  { path, valueFilter }: AttributeTarget,
  element: JsonObject,
  value: JsonValue | undefined,
): JsonObject {
  const { attribute, subAttribute } = path;
  if (subAttribute !== undefined) {
    const next = mergeValue(op, subAttribute, element[subAttribute.name], value);
    return mergePart(op, attribute, element, { [subAttribute.name]: next ?? null });
  }
  const kept =
    op === "replace" && valueFilter !== undefined ? (equalities(valueFilter) ?? {}) : element;
  return mergePart(op, attribute, kept, asObject(value));
}

/** What an element is for. Entra fills `emails[type eq "work"].value` and `roles[primary eq "True"].value`. */
const PLACES: ReadonlySet<string> = new Set(["type", "primary"]);

/**
 * The element that an add or replace makes when its filter chooses none. Entra writes to `emails[type eq "work"].value`
 * whether or not there is a work email, and takes a 400 for a broken server; several operations on one filter then
 * meet in the element that the first one made.
 *
 * RFC 7644 §3.5.2.3 wants `noTarget`. It stays for every filter that says more, or something else, than which place
 * is to be filled: a `value`, or a country, means an element that the client believes to be there.
 */
function createElement({ path, valueFilter }: AttributeTarget): JsonObject {
  const seed = valueFilter === undefined ? {} : equalities(valueFilter);
  const isPlace =
    seed !== undefined &&
    seed["primary"] !== false &&
    Object.keys(seed).every((name) => PLACES.has(name));
  if (isPlace) return seed;
  throw noTarget(
    `No element of "${printPath({ ...path, subAttribute: undefined })}" fits the filter of the path.`,
  );
}

/** What `a eq x and b eq y` says an element holds; undefined for filters that say anything else. */
function equalities(filter: Filter): JsonObject | undefined {
  switch (filter.kind) {
    case "and": {
      const left = equalities(filter.left);
      const right = equalities(filter.right);
      if (left === undefined || right === undefined) return undefined;
      const isTwice = Object.keys(right).some((name) => Object.hasOwn(left, name));
      return isTwice ? undefined : { ...left, ...right };
    }
    case "compare": {
      const { attribute } = filter.path;
      const isSettable =
        filter.operator === "eq" && filter.value !== null && attribute.mutability !== "readOnly";
      if (!isSettable) return undefined;
      return { [attribute.name]: attribute.multiValued ? [filter.value] : filter.value };
    }
    case "or":
    case "not":
    case "present":
    case "valuePath":
      return undefined;
  }
}
