import { invalidValue } from "./error.ts";
import { findPath } from "./schema/find-attribute.ts";
import { givenTwice } from "./value/given-twice.ts";
import { foldText } from "./fold.ts";
import { isJsonObject, type JsonValue } from "./json.ts";
import { MEMBERS } from "./schema/group.ts";
import { GROUP } from "./schema/resource-types.ts";
import { isEmptyValue } from "./value/value.ts";
import { requireWellFormed } from "./value/well-formed-text.ts";

/**
 * The members that the body of a group's POST or PUT names: distinct ids in the order given. Undefined when the
 * body says nothing about members; `null` and `[]` say that there are none.
 *
 * Source: Okta's rename leaves the members out, and must not empty the group.
 */
export function readMembers(body: JsonValue): string[] | undefined {
  if (!isJsonObject(body)) return undefined;
  const given = Object.keys(body).filter((name) => findPath(GROUP, name)?.attribute === MEMBERS);
  const [name, ...others] = given;
  if (name === undefined) return undefined;
  if (others.length > 0) throw givenTwice(MEMBERS.name);
  return readMemberIds(body[name] ?? null);
}

/**
 * The distinct ids in a value of `members`: a list of objects with a `value`, of plain ids, or one of either. Read by a
 * loop of its own, since a PUT brings 100,000 of them.
 *
 * Source: RFC 7643 §4.2; Entra sends `$ref: null`, Okta `display: null`, both without `type`.
 */
export function readMemberIds(value: JsonValue): string[] {
  if (isEmptyValue(value)) return [];
  const ids = new Set<string>();
  for (const element of Array.isArray(value) ? value : [value]) {
    if (isEmptyValue(element)) continue;
    ids.add(requireWellFormed(idOf(element), "members.value"));
  }
  return [...ids];
}

function idOf(element: JsonValue): string {
  const id = isJsonObject(element) ? valueOf(element) : element;
  if (typeof id === "string" && id.trim() !== "") return id;
  throw invalidValue(
    'Each of the "members" must have a "value": the id of a user or of a group, as a string.',
  );
}

function valueOf(element: { [name: string]: JsonValue }): JsonValue | undefined {
  const names = Object.keys(element).filter((name) => foldText(name) === "value");
  if (names.length > 1) throw givenTwice("members.value");
  const [name] = names;
  return name === undefined ? undefined : element[name];
}
