import { type BulkPlan, type BulkStep, planBulk } from "./bulk-plan.ts";
import {
  referenceIn,
  referencesIn,
  resolveReference,
  resolveReferences,
  splitReferences,
} from "./bulk-references.ts";
import type { BulkCall, BulkOperation, BulkRequest } from "./bulk-request.ts";
import { bulkResponse, type BulkResult } from "./bulk-response.ts";
import { conflict, type ScimError } from "../error.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import { PATCH_SCHEMA } from "../patch/raw-operation.ts";
import type { ResourceType } from "../schema/attribute.ts";

/** What a verb made of a call. */
export type BulkOutcome =
  | {
      readonly kind: "done";
      readonly status: number;
      readonly id: string;
      /** The entity tag, where there still is a resource and its version is known. */
      readonly version: string | undefined;
    }
  | { readonly kind: "failed"; readonly error: ScimError };

/**
 * Carries out a bulk request (RFC 7644 §3.7): yields each call for the caller to perform, is told what became of it, and
 * returns the body of the answer. All references in a call are ids. An operation that refers to one that failed fails
 * too, with 409 (§3.7.1). After `failOnErrors` failures no further operation begins; one that was begun is completed.
 */
export function* runBulk(
  request: BulkRequest,
  baseUrl: string,
): Generator<BulkCall, JsonObject, BulkOutcome> {
  const plan = planBulk(request);
  const { failOnErrors = Infinity } = request;
  const progress: Progress = { plan, ids: new Map(), results: new Map() };
  const failures = () => [...progress.results.values()].filter(({ error }) => error).length;
  for (const step of plan.steps) {
    if (step.kind !== "complete" && failures() >= failOnErrors) continue;
    const result = yield* runStep(step, progress);
    if (result !== undefined) progress.results.set(step.operation, result);
  }
  return bulkResponse(progress.results.values(), baseUrl);
}

interface Progress {
  readonly plan: BulkPlan;
  /** Of the resources that were created, by their `bulkId`. */
  readonly ids: Map<string, string>;
  readonly results: Map<BulkOperation, BulkResult>;
}

type Run = Generator<BulkCall, BulkResult | undefined, BulkOutcome>;

function* runStep(step: BulkStep, progress: Progress): Run {
  const { operation } = step;
  switch (step.kind) {
    case "refuse":
      return failure(operation, step.error, progress);
    case "call": {
      const missing = missingIn(step.call, progress);
      if (missing !== undefined) return failure(operation, failedBefore(missing), progress);
      const call = resolveCall(step.call, progress.ids);
      const outcome = yield call;
      if (outcome.kind === "failed") return failure(operation, outcome.error, progress);
      const { id, status, version } = outcome;
      if (call.method === "POST" && operation.bulkId !== undefined)
        progress.ids.set(operation.bulkId, id);
      return { operation, resource: { type: call.type, id }, version, status, error: undefined };
    }
    case "complete": {
      const created = progress.results.get(operation);
      if (created?.resource === undefined) return undefined;
      return yield* complete(created, created.resource, step.withheld, progress);
    }
  }
}

/** Adds what can be added by now. The resource is there whatever comes of it, so that even a failure has its location. */
function* complete(
  created: BulkResult,
  { type, id }: { readonly type: ResourceType; readonly id: string },
  data: JsonValue,
  { ids }: Progress,
): Run {
  const { kept, withheld } = splitReferences(data, type, (bulkId) => !ids.has(bulkId));
  let result = created;
  let reason = withheld && "Operations that it refers to failed.";
  if (kept !== undefined) {
    const operation = { op: "add", value: resolveReferences(kept, ids) };
    const body = { schemas: [PATCH_SCHEMA], Operations: [operation] };
    const outcome = yield { method: "PATCH", type, id, version: undefined, data: body };
    if (outcome.kind === "done") result = { ...created, version: outcome.version };
    else reason = outcome.error.detail;
  }
  if (reason === undefined) return result;
  const error = conflict(
    `The resource was created without references that it should have. ${reason}`,
  );
  return { ...result, status: error.status, error };
}

/** Where a failed operation was aimed at, unless nothing is there: a failed POST has no location (§3.7.3). */
function failure(operation: BulkOperation, error: ScimError, { ids }: Progress): BulkResult {
  const { method, target } = operation;
  const isResource = target?.id !== undefined && method !== undefined && method !== "POST";
  const id = isResource ? resolveReference(target.id, ids) : undefined;
  const isThere = id !== undefined && referenceIn(id) === undefined;
  return {
    operation,
    resource: isThere && target ? { type: target.type, id } : undefined,
    version: undefined,
    status: error.status,
    error,
  };
}

function failedBefore({ index }: BulkOperation): ScimError {
  return conflict(`This refers to operation ${index + 1} of the request, which failed.`);
}

/** The first POST that a call needs and that created nothing. */
function missingIn(call: BulkCall, { plan, ids }: Progress): BulkOperation | undefined {
  const needed = call.method === "DELETE" ? new Set<string>() : referencesIn(call.data);
  const target = call.method === "POST" ? undefined : referenceIn(call.id);
  if (target !== undefined) needed.add(target);
  return [...plan.posts].find(([bulkId]) => needed.has(bulkId) && !ids.has(bulkId))?.[1];
}

function resolveCall(call: BulkCall, ids: ReadonlyMap<string, string>): BulkCall {
  switch (call.method) {
    case "POST":
      return { ...call, data: resolveReferences(call.data, ids) };
    case "PUT":
    case "PATCH": {
      const id = resolveReference(call.id, ids);
      return { ...call, id, data: resolveReferences(call.data, ids) };
    }
    case "DELETE":
      return { ...call, id: resolveReference(call.id, ids) };
  }
}
