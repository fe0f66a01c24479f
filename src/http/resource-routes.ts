import { Hono, type Context } from "hono";

import type { DirectoryContext } from "../directory/context.ts";
import { recordRefusal, type WriteVerb } from "../directory/record-refusal.ts";
import { etagOf, ifMatch, ifNoneMatch } from "../scim/etag.ts";
import { methodNotAllowed, notFound, ScimError } from "../scim/error.ts";
import type { JsonObject } from "../scim/json.ts";
import { parseListQuery } from "../scim/list-query.ts";
import { listResponse } from "../scim/list-response.ts";
import { parseProjection, project, type Projection } from "../scim/projection.ts";
import { locationOf, represent, type ResourceRecord } from "../scim/represent.ts";
import { errorResponse, SCIM_MEDIA_TYPE } from "./error-response.ts";
import { GROUP_ENDPOINT } from "./group-endpoint.ts";
import { inDirectory } from "./in-directory.ts";
import { readBody } from "./read-body.ts";
import type { Condition, ResourceEndpoint } from "./resource-endpoint.ts";
import type { ScimEnv } from "./scim-env.ts";
import { USER_ENDPOINT } from "./user-endpoint.ts";

const ENDPOINTS = new Map(
  [USER_ENDPOINT, GROUP_ENDPOINT].map((endpoint) => [endpoint.type.endpoint, endpoint]),
);

const COLLECTION_METHODS = "GET, HEAD, POST";
const RESOURCE_METHODS = "GET, HEAD, PUT, PATCH, DELETE";

type ScimContext = Context<ScimEnv>;

function endpointOf(context: ScimContext): ResourceEndpoint {
  const endpoint = ENDPOINTS.get(`/${context.req.param("endpoint")}`);
  if (!endpoint) throw notFound("Resource type");
  return endpoint;
}

const idOf = (context: ScimContext): string => context.req.param("id") ?? "";

export const scimJson = (body: JsonObject, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": SCIM_MEDIA_TYPE, ...headers },
  });

function projectionOf(context: ScimContext, endpoint: ResourceEndpoint): Projection {
  return parseProjection(
    {
      attributes: context.req.query("attributes"),
      excludedAttributes: context.req.query("excludedAttributes"),
    },
    endpoint.type,
  );
}

function resourceAnswer(
  context: ScimContext,
  { type }: ResourceEndpoint,
  record: ResourceRecord,
  projection: Projection,
  status = 200,
): Response {
  const resource = project(represent(record, type, context.var.baseUrl), projection, type);
  return scimJson(resource, status, {
    ETag: etagOf(record.version),
    ...(status === 201 && { Location: locationOf(type, record.id, context.var.baseUrl) }),
  });
}

function conditionOf(context: ScimContext): Condition {
  const header = context.req.header("If-Match");
  return {
    precondition: (version) => ifMatch(header, version),
    conditional: header !== undefined,
  };
}

/** A write, and a row in the journal when the tenant's directory refuses it. */
function write<Result>(
  context: ScimContext,
  endpoint: ResourceEndpoint,
  operation: WriteVerb,
  verb: (directory: DirectoryContext) => Promise<Result>,
): Promise<Result> {
  return inDirectory(context, `${endpoint.scope}:write`, async (directory) => {
    try {
      return await verb(directory);
    } catch (error) {
      if (error instanceof ScimError && error.status < 500) {
        const resourceId = context.req.param("id") ?? null;
        const noted = recordRefusal(directory, {
          operation,
          resourceType: endpoint.type.name,
          resourceId,
          error,
        });
        context.executionCtx.waitUntil(noted.catch(() => undefined));
      }
      throw error;
    }
  });
}

async function list(context: ScimContext): Promise<Response> {
  const endpoint = endpointOf(context);
  const query = parseListQuery(context.req.query(), endpoint.type);
  const page = await inDirectory(context, `${endpoint.scope}:read`, (directory) =>
    endpoint.list(directory, query),
  );
  const resources = page.records.map((record) =>
    project(represent(record, endpoint.type, context.var.baseUrl), query.projection, endpoint.type),
  );
  return scimJson(
    listResponse({ resources, totalResults: page.total, startIndex: query.startIndex }),
  );
}

async function read(context: ScimContext): Promise<Response> {
  const endpoint = endpointOf(context);
  const projection = projectionOf(context, endpoint);
  const record = await inDirectory(context, `${endpoint.scope}:read`, (directory) =>
    endpoint.read(directory, idOf(context), projection),
  );
  if (!ifNoneMatch(context.req.header("If-None-Match"), record.version)) {
    return new Response(null, { status: 304, headers: { ETag: etagOf(record.version) } });
  }
  return resourceAnswer(context, endpoint, record, projection);
}

async function create(context: ScimContext): Promise<Response> {
  const endpoint = endpointOf(context);
  const projection = projectionOf(context, endpoint);
  const body = await readBody(context.req, endpoint.maxBodyMebibytes);
  const record = await write(context, endpoint, "create", (directory) =>
    endpoint.create(directory, body),
  );
  return resourceAnswer(context, endpoint, record, projection, 201);
}

async function replace(context: ScimContext): Promise<Response> {
  const endpoint = endpointOf(context);
  const projection = projectionOf(context, endpoint);
  const body = await readBody(context.req, endpoint.maxBodyMebibytes);
  const record = await write(context, endpoint, "replace", (directory) =>
    endpoint.replace(directory, idOf(context), body, conditionOf(context)),
  );
  return resourceAnswer(context, endpoint, record, projection);
}

async function patch(context: ScimContext): Promise<Response> {
  const endpoint = endpointOf(context);
  const projection = projectionOf(context, endpoint);
  const body = await readBody(context.req, endpoint.maxBodyMebibytes);
  const record = await write(context, endpoint, "patch", async (directory) => {
    const patched = await endpoint.patch(directory, idOf(context), body, conditionOf(context));
    // RFC 7644 §3.5.2: 204 is not allowed when the client asks for attributes.
    return patched ?? (projection.only && endpoint.read(directory, idOf(context), projection));
  });
  return record
    ? resourceAnswer(context, endpoint, record, projection)
    : new Response(null, { status: 204 });
}

async function remove(context: ScimContext): Promise<Response> {
  const endpoint = endpointOf(context);
  await write(context, endpoint, "delete", (directory) =>
    endpoint.remove(directory, idOf(context), conditionOf(context)),
  );
  return new Response(null, { status: 204 });
}

function refuseMethod(context: ScimContext, allow: string): Response {
  endpointOf(context);
  return errorResponse(methodNotAllowed(`This address takes ${allow}.`), { Allow: allow });
}

/** RFC 7644 §3.2, table 2: seven routes, written once for every resource type. */
export function resourceRoutes(): Hono<ScimEnv> {
  return new Hono<ScimEnv>()
    .get("/:endpoint", list)
    .post("/:endpoint", create)
    .all("/:endpoint", (context) => refuseMethod(context, COLLECTION_METHODS))
    .get("/:endpoint/:id", read)
    .put("/:endpoint/:id", replace)
    .patch("/:endpoint/:id", patch)
    .delete("/:endpoint/:id", remove)
    .all("/:endpoint/:id", (context) => refuseMethod(context, RESOURCE_METHODS));
}
