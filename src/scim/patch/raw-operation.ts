import { readOperationName } from "../dialect/operation-name.ts";
import { invalidPath, invalidSyntax, invalidValue } from "../error.ts";
import { foldText } from "../fold.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";

export const PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
export const MAX_PATCH_OPERATIONS = 1000;

/** One element of `Operations`, before any schema is asked what it means. */
export interface RawOperation {
  readonly op: "add" | "replace" | "remove";
  readonly path: string | undefined;
  /** Undefined when the operation has none, which is not the same as `null`. */
  readonly value: JsonValue | undefined;
}

/**
 * Reads the message of RFC 7644 §3.5.2. Keys are found in any letter case (`operations`); a body without `schemas` is
 * taken, one for another message is not. An empty list of operations is a request for no change: Microsoft's
 * validator sends it.
 */
export function readRawOperations(body: JsonValue): RawOperation[] {
  if (!isJsonObject(body))
    throw invalidSyntax("The body must be a JSON object with a list of Operations.");
  requirePatchSchema(member(body, "schemas"));
  const operations = member(body, "Operations");
  if (!Array.isArray(operations))
    throw invalidSyntax('The body must hold a list named "Operations".');
  if (operations.length > MAX_PATCH_OPERATIONS) {
    throw invalidValue(
      `More than ${MAX_PATCH_OPERATIONS} operations. Send them in several requests.`,
    );
  }
  return operations.map(readRawOperation);
}

function readRawOperation(operation: JsonValue, index: number): RawOperation {
  const where = `Operation ${index + 1}`;
  if (!isJsonObject(operation)) throw invalidSyntax(`${where} must be a JSON object.`);
  const name = member(operation, "op");
  const op = typeof name === "string" ? readOperationName(name) : undefined;
  if (op === undefined) throw invalidSyntax(`${where} must have an "op": add, replace or remove.`);
  // Serializers write a path that was not set as null.
  const path = member(operation, "path") ?? undefined;
  if (path !== undefined && typeof path !== "string")
    throw invalidPath(`The path of ${where} must be a string.`);
  const value = member(operation, "value");
  if (value === undefined && op !== "remove") throw invalidValue(`${where} must have a "value".`);
  return { op, path, value };
}

function requirePatchSchema(schemas: JsonValue | undefined): void {
  if (schemas === undefined || schemas === null) return;
  const uris = Array.isArray(schemas) ? schemas : [schemas];
  const isPatch = uris.some(
    (uri) => typeof uri === "string" && foldText(uri) === foldText(PATCH_SCHEMA),
  );
  if (!isPatch) throw invalidSyntax(`"schemas" must contain "${PATCH_SCHEMA}".`);
}

function member(object: JsonObject, name: string): JsonValue | undefined {
  const folded = foldText(name);
  const [found, ...others] = Object.keys(object).filter((key) => foldText(key) === folded);
  if (others.length > 0)
    throw invalidSyntax(`"${name}" is given twice, in different spellings. Send it once.`);
  return found === undefined ? undefined : object[found];
}
