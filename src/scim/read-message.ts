import { invalidSyntax } from "./error.ts";
import { foldText } from "./fold.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "./json.ts";

/** Looks up a member of a message. */
export type MessageReader = (name: string) => JsonValue | undefined;

/**
 * A reader of the members of a protocol message (RFC 7644 §3.4.3, §3.7), in any letter case. A body without `schemas`
 * is taken, since its address says what it is; one that names only other messages is refused.
 */
export function readMessage(body: JsonValue, uri: string): MessageReader {
  if (!isJsonObject(body)) throw invalidSyntax("The body must be a JSON object.");
  const schemas = memberOf(body, "schemas") ?? [uri];
  const uris = Array.isArray(schemas) ? schemas : [schemas];
  const names = (given: JsonValue) =>
    typeof given === "string" && foldText(given) === foldText(uri);
  if (!uris.some(names)) throw invalidSyntax(`"schemas" must contain "${uri}".`);
  return (name) => memberOf(body, name);
}

/** The member of an object that has this name in any letter case. Undefined when it is not there. */
export function memberOf(object: JsonObject, name: string): JsonValue | undefined {
  const folded = foldText(name);
  const [found, ...others] = Object.keys(object).filter((key) => foldText(key) === folded);
  if (others.length > 0)
    throw invalidSyntax(`"${name}" is given twice, in different spellings. Send it once.`);
  return found === undefined ? undefined : object[found];
}
