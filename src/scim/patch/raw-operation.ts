import { readOperationName } from "../dialect/operation-name.ts";
import { invalidPath, invalidSyntax, invalidValue } from "../error.ts";
import { isJsonObject, type JsonValue } from "../json.ts";
import { memberOf, readMessage } from "../read-message.ts";

export const PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
export const MAX_PATCH_OPERATIONS = 1000;

/** What an operation does. Only a `remove` may be without a value, which is not the same as `null`. */
export type RawChange =
  | { readonly op: "add" | "replace"; readonly value: JsonValue }
  | { readonly op: "remove"; readonly value: JsonValue | undefined };

/** One element of `Operations`, before any schema is asked what it means. */
export type RawOperation = RawChange & { readonly path: string | undefined };

/**
 * Reads the message of RFC 7644 §3.5.2. Keys are found in any letter case (`operations`); a body without `schemas` is
 * taken, one for another message is not. An empty list of operations is a request for no change: Microsoft's
 * validator sends it.
 */
export function readRawOperations(body: JsonValue): RawOperation[] {
  const operations = readMessage(body, PATCH_SCHEMA)("Operations");
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
  const name = memberOf(operation, "op");
  const op = typeof name === "string" ? readOperationName(name) : undefined;
  if (op === undefined) throw invalidSyntax(`${where} must have an "op": add, replace or remove.`);
  // Serializers write a path that was not set as null.
  const path = memberOf(operation, "path") ?? undefined;
  if (path !== undefined && typeof path !== "string")
    throw invalidPath(`The path of ${where} must be a string.`);
  const value = memberOf(operation, "value");
  if (op === "remove") return { op, path, value };
  if (value === undefined) throw invalidValue(`${where} must have a "value".`);
  return { op, path, value };
}
