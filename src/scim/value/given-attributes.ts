import { foldText } from "../fold.ts";
import { givenTwice } from "./given-twice.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { Attribute } from "../schema/attribute.ts";
import { isEmptyValue } from "./value.ts";

/** A value that a body gives to an attribute, or to one sub-attribute (`name.givenName`), not yet checked. */
export interface GivenValue {
  readonly attribute: Attribute;
  readonly subAttribute: Attribute | undefined;
  readonly value: JsonValue;
}

/**
 * Brings together what a body says about each attribute of one schema. Promises that nothing is overwritten:
 * two values for one attribute are a 400, because which of them is meant cannot be known, and a gateway
 * before this server may have looked at the other one. `where` turns a name into the one used in the detail.
 */
export function joinGiven(
  values: readonly GivenValue[],
  where: (name: string) => string,
): ReadonlyMap<Attribute, JsonValue> {
  const joined = new Map<Attribute, JsonValue>();
  for (const { attribute, subAttribute, value } of values) {
    if (subAttribute !== undefined) continue;
    if (joined.has(attribute)) throw givenTwice(where(attribute.name));
    joined.set(attribute, value);
  }
  for (const { attribute, subAttribute, value } of values) {
    if (subAttribute === undefined) continue;
    const object = objectToJoin(attribute, joined.get(attribute) ?? null, where);
    const isGiven = Object.keys(object).some(
      (name) => foldText(name) === foldText(subAttribute.name),
    );
    if (isGiven) throw givenTwice(`${where(attribute.name)}.${subAttribute.name}`);
    joined.set(
      attribute,
      Object.fromEntries([...Object.entries(object), [subAttribute.name, value]]),
    );
  }
  return joined;
}

/** A multi-valued attribute may be sent by its parts alone, as its only element, but not in both ways. */
function objectToJoin(
  attribute: Attribute,
  value: JsonValue,
  where: (name: string) => string,
): JsonObject {
  if (isEmptyValue(value)) return {};
  if (!isJsonObject(value)) throw givenTwice(where(attribute.name));
  return value;
}
