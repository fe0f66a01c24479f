import type { JsonValue } from "../json.ts";
import type { AttributeTarget } from "../patch/operation.ts";

/**
 * The list of elements that a `remove` means when it has a value, or undefined when it means its whole target.
 * `null` is what a serializer writes for "no value"; an empty list names no element, so that nothing is removed.
 *
 * Source: Entra's default dialect removes members with `path: "members"` and `value: [{"value": id}]`. RFC 7644
 * §3.5.2.2 knows no value there; read literally it empties the group. On `emails[type eq "work"].value` the same
 * client sends the old value along, where the path alone already says what goes.
 */
export function readNamedElements(
  target: AttributeTarget,
  value: JsonValue | undefined,
): JsonValue | undefined {
  const leaf = target.path.subAttribute ?? target.path.attribute;
  if (value === undefined || value === null) return undefined;
  if (!leaf.multiValued || target.valueFilter !== undefined) return undefined;
  return value;
}
