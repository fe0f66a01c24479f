import { type BulkRoot, type BulkTarget, readBulkPath } from "./bulk-path.ts";
import {
  invalidSyntax,
  invalidValue,
  methodNotAllowed,
  orFault,
  payloadTooLarge,
  ScimError,
} from "../error.ts";
import { isJsonObject, type JsonValue } from "../json.ts";
import { PATCH_SCHEMA } from "../patch/raw-operation.ts";
import { memberOf, readMessage } from "../read-message.ts";
import type { ResourceType } from "../schema/attribute.ts";

export const BULK_REQUEST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

/** One of the verbs on one resource, as a request of its own would ask for it. */
export type BulkCall =
  | { readonly method: "POST"; readonly type: ResourceType; readonly data: JsonValue }
  | {
      readonly method: "PUT" | "PATCH";
      readonly type: ResourceType;
      readonly id: string;
      /** What `If-Match` would hold. */
      readonly version: string | undefined;
      readonly data: JsonValue;
    }
  | {
      readonly method: "DELETE";
      readonly type: ResourceType;
      readonly id: string;
      readonly version: string | undefined;
    };

export type BulkMethod = BulkCall["method"];

/** One element of `Operations`: something to do, or the fault that it is answered with. */
export type BulkOperation = BulkOperationFacts &
  (
    | { readonly kind: "call"; readonly call: BulkCall }
    | { readonly kind: "refused"; readonly error: ScimError }
  );

/** What the answer repeats of an operation; undefined where it could not be read. */
export interface BulkOperationFacts {
  /** From 0. */
  readonly index: number;
  readonly method: BulkMethod | undefined;
  readonly bulkId: string | undefined;
  readonly target: BulkTarget | undefined;
}

export interface BulkRequest {
  /** From 1; undefined for no limit. */
  readonly failOnErrors: number | undefined;
  readonly operations: readonly BulkOperation[];
}

/**
 * Reads the message of RFC 7644 §3.7. Throws when the message as a whole cannot be understood or has too many operations
 * (413, §3.7.4); a fault of one operation is that operation's own, since the others go on (§3.7). Ids and data may still
 * hold references to a `bulkId`.
 */
export function readBulkRequest(
  body: JsonValue,
  limits: BulkRoot & { readonly maxOperations: number },
): BulkRequest {
  const read = readMessage(body, BULK_REQUEST_SCHEMA);
  const operations = read("Operations");
  if (!Array.isArray(operations))
    throw invalidSyntax('The body must hold a list named "Operations".');
  if (operations.length > limits.maxOperations) {
    throw payloadTooLarge(
      `The number of operations exceeds maxOperations (${limits.maxOperations}). Send them in several requests.`,
    );
  }
  const failOnErrors = readFailOnErrors(read("failOnErrors") ?? 0);
  const given = operations.map((operation, index) => readOperation(operation, index, limits));
  return { failOnErrors, operations: refuseSharedIds(given) };
}

/** Serializers write a limit that was not set as 0, and it cannot mean to stop before the first operation. */
function readFailOnErrors(value: JsonValue): number | undefined {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0)
    throw invalidValue('"failOnErrors" must be a whole number of errors.');
  return value === 0 ? undefined : value;
}

function readOperation(given: JsonValue, index: number, root: BulkRoot): BulkOperation {
  let facts: BulkOperationFacts = {
    index,
    method: undefined,
    bulkId: undefined,
    target: undefined,
  };
  const call = orFault(() => {
    if (!isJsonObject(given)) throw invalidSyntax("An operation must be a JSON object.");
    const read = (name: string) => memberOf(given, name) ?? undefined;
    // First what the client recognizes the answer by.
    const bulkId = read("bulkId");
    if (typeof bulkId === "string" && bulkId !== "") facts = { ...facts, bulkId };
    const method = readMethod(read("method"));
    facts = { ...facts, method };
    const target = readBulkPath(read("path"), root);
    facts = { ...facts, target };
    if (method === "POST" && facts.bulkId === undefined)
      throw invalidSyntax('A POST must have a "bulkId", as a string.');
    return readCall(method, target, read);
  });
  return call instanceof ScimError
    ? { ...facts, kind: "refused", error: call }
    : { ...facts, kind: "call", call };
}

const METHODS: ReadonlyMap<string, BulkMethod> = new Map(
  (["POST", "PUT", "PATCH", "DELETE"] as const).map((method) => [method, method]),
);

function readMethod(value: JsonValue | undefined): BulkMethod {
  const method = typeof value === "string" ? METHODS.get(value.toUpperCase()) : undefined;
  if (method !== undefined) return method;
  throw invalidSyntax('An operation must have a "method": POST, PUT, PATCH or DELETE.');
}

function readCall(
  method: BulkMethod,
  { type, id }: BulkTarget,
  read: (name: string) => JsonValue | undefined,
): BulkCall {
  if (method === "POST") {
    if (id !== undefined) throw methodNotAllowed("POST takes the path of a resource type alone.");
    return { method, type, data: readData(method, read("data")) };
  }
  if (id === undefined) throw methodNotAllowed(`${method} takes the path of one resource.`);
  const version = read("version");
  if (version !== undefined && typeof version !== "string")
    throw invalidSyntax('The "version" of an operation must be a string, such as W/"1".');
  if (method === "DELETE") return { method, type, id, version };
  return { method, type, id, version, data: readData(method, read("data")) };
}

/** The RFC's own example of a PATCH (§3.7.3) has the list of operations alone. */
function readData(method: BulkMethod, data: JsonValue | undefined): JsonValue {
  if (data === undefined) throw invalidSyntax(`A ${method} must have "data".`);
  return method === "PATCH" && Array.isArray(data)
    ? { schemas: [PATCH_SCHEMA], Operations: data }
    : data;
}

/**
 * A `bulkId` is unique within the request (§3.7). Where it is not, none of its operations is done: a reference could mean
 * either, and the wrong person would become a member.
 */
function refuseSharedIds(operations: readonly BulkOperation[]): BulkOperation[] {
  const known = new Set<string>();
  const shared = new Set<string>();
  for (const { method, bulkId } of operations) {
    if (method !== "POST" || bulkId === undefined) continue;
    (known.has(bulkId) ? shared : known).add(bulkId);
  }
  return operations.map((operation) => {
    const { index, method, bulkId, target } = operation;
    const isShared = method === "POST" && bulkId !== undefined && shared.has(bulkId);
    if (!isShared || operation.kind === "refused") return operation;
    const error = invalidValue('Several operations have this "bulkId". Give each POST its own.');
    return { index, method, bulkId, target, kind: "refused", error };
  });
}
