import type { Context } from "hono";
import { Hono } from "hono/tiny";

import type { WriteVerb } from "../directory/record-refusal.ts";
import { runBulk, type BulkOutcome } from "../scim/bulk/bulk.ts";
import { readBulkRequest, type BulkCall } from "../scim/bulk/bulk-request.ts";
import { etagOf, ifMatch } from "../scim/etag.ts";
import type { JsonValue } from "../scim/json.ts";
import { scimErrorOf } from "./error-response.ts";
import { MAX_BULK_MEBIBYTES, MAX_BULK_OPERATIONS } from "./features.ts";
import { inDirectory } from "./in-directory.ts";
import { otherMethod } from "./other-method.ts";
import { readBody } from "./read-body.ts";
import { scimJson } from "./resources/resource-answer.ts";
import type { Condition } from "./resources/resource-endpoint.ts";
import type { ScimEnv } from "./scim-env.ts";
import { writeVerb } from "./write-verb.ts";

const VERBS: Record<BulkCall["method"], WriteVerb> = {
  POST: "create",
  PUT: "replace",
  PATCH: "patch",
  DELETE: "delete",
};

const conditionOf = (version: string | undefined): Condition => ({
  precondition: (current) => ifMatch(version, current),
  conditional: version !== undefined,
});

/**
 * One operation, as if it were a request of its own: with its own permission, its own place in the journal, and
 * its own passage through the fence, so that a change of the tenant in between repeats this operation alone.
 */
async function perform(
  context: Context<ScimEnv>,
  call: BulkCall,
  requestId: string,
): Promise<BulkOutcome> {
  const { method } = call;
  const id = method === "POST" ? null : call.id;
  const aim = {
    segment: call.type.endpoint.slice(1),
    id,
    operation: VERBS[method],
    requestId,
    ...(call.method === "POST" && { body: async () => call.data }),
  };
  const done = (resourceId: string, status: number, version?: number): BulkOutcome => ({
    kind: "done",
    status,
    id: resourceId,
    version: version === undefined ? undefined : etagOf(version),
  });
  try {
    return await writeVerb(context, aim, async (directory, { type, endpoint }) => {
      switch (method) {
        case "POST": {
          const created = await endpoint.create(directory, type, call.data);
          return done(created.id, 201, created.version);
        }
        case "PUT": {
          const condition = conditionOf(call.version);
          const put = await endpoint.replace(directory, type, call.id, call.data, condition);
          return done(put.id, 200, put.version);
        }
        case "PATCH": {
          const condition = conditionOf(call.version);
          const patched = await endpoint.patch(directory, type, call.id, call.data, condition);
          return done(call.id, patched ? 200 : 204, patched?.version);
        }
        case "DELETE":
          await endpoint.remove(directory, type, call.id, conditionOf(call.version));
          return done(call.id, 204);
      }
    });
  } catch (error) {
    const known = scimErrorOf(error);
    if (!known) throw error;
    return { kind: "failed", error: known };
  }
}

/** RFC 7644 §3.7. */
async function bulk(context: Context<ScimEnv>): Promise<Response> {
  const { baseUrl, requestId } = context.var;
  let body: Promise<JsonValue> | undefined;
  const request = await inDirectory(context, undefined, async ({ types }) =>
    readBulkRequest(await (body ??= readBody(context.req, MAX_BULK_MEBIBYTES)), {
      baseUrl,
      types,
      maxOperations: MAX_BULK_OPERATIONS,
    }),
  );
  const run = runBulk(request, baseUrl);
  let step = run.next();
  for (let number = 1; !step.done; number++) {
    // One after the other: an operation may depend on any before it.
    step = run.next(await perform(context, step.value, `${requestId}-${number}`));
  }
  return scimJson(step.value);
}

export function bulkRoutes(): Hono<ScimEnv> {
  return new Hono<ScimEnv>().post("/Bulk", bulk).all("/Bulk", otherMethod("POST"));
}
