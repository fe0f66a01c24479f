import { foldText } from "../fold.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { Attribute } from "../schema/attribute.ts";
import { findSubAttribute, subAttributesOf } from "../schema/find-attribute.ts";

/**
 * The elements with new ones behind them. An element that is there already is not added again (RFC 7644 §3.5.2.1);
 * one with the same `value` (and the same `type`, where the new one has a type) takes over the other sub-attributes,
 * since RFC 7643 §2.4 wants each pair of them once. One look-up per element, however long the list.
 */
export function addElements(
  attribute: Attribute,
  current: readonly JsonValue[],
  added: readonly JsonValue[],
): JsonValue[] {
  const elements = [...current];
  const places = new Map<string, number>();
  const register = (element: JsonValue, place: number) => {
    for (const key of keysOf(attribute, element)) if (!places.has(key)) places.set(key, place);
  };
  elements.forEach(register);
  for (const element of added) {
    // The first key is the most exact one that the new element has.
    const [key] = keysOf(attribute, element);
    const place = places.get(key);
    const known = place === undefined ? undefined : elements[place];
    if (place === undefined || known === undefined) {
      register(element, elements.length);
      elements.push(element);
    } else if (isJsonObject(known) && isJsonObject(element)) {
      elements[place] = inSchemaOrder(attribute, { ...known, ...element });
    }
  }
  return elements;
}

/** The elements without those that `named` names: by their `value` (and `type`, where it is given), else as a whole. */
export function removeElements(
  attribute: Attribute,
  current: readonly JsonValue[],
  named: readonly JsonValue[],
): JsonValue[] {
  const keys = new Set(named.map((element) => keysOf(attribute, element)[0]));
  return current.filter((element) => !keysOf(attribute, element).some((key) => keys.has(key)));
}

/** Under what an element is found: with type and value, by its value alone, or as a whole when it has no value. */
function keysOf(attribute: Attribute, element: JsonValue): readonly [string, ...string[]] {
  if (!isJsonObject(element)) return [`simple ${comparable(attribute, element)}`];
  const valueAttribute = findSubAttribute(attribute, "value");
  const value = element["value"];
  if (valueAttribute === undefined || value === undefined) {
    const whole = subAttributesOf(attribute).map((sub) =>
      comparable(sub, element[sub.name] ?? null),
    );
    return [`whole ${JSON.stringify(whole)}`];
  }
  const byValue = `value ${comparable(valueAttribute, value)}`;
  const type = element["type"];
  return typeof type === "string" ? [`${byValue} type ${foldText(type)}`, byValue] : [byValue];
}

function comparable(attribute: Attribute, value: JsonValue): string {
  return JSON.stringify(
    typeof value === "string" && !attribute.caseExact ? foldText(value) : value,
  );
}

function inSchemaOrder(attribute: Attribute, element: JsonObject): JsonObject {
  return Object.fromEntries(
    subAttributesOf(attribute).flatMap(({ name }): [string, JsonValue][] => {
      const value = element[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
