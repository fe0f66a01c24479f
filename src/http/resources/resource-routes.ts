import type { Context } from "hono";
import { Hono } from "hono/tiny";

import type { DirectoryContext } from "../../directory/context.ts";
import { readBack } from "../../directory/read-back.ts";
import type { ReadKind } from "../../directory/record-read.ts";
import type { WriteVerb } from "../../directory/record-refusal.ts";
import { etagOf, ifMatch, ifNoneMatch } from "../../scim/etag.ts";
import type { JsonValue } from "../../scim/json.ts";
import { parseProjection } from "../../scim/list/projection.ts";
import type { ResourceType } from "../../scim/schema/attribute.ts";
import { USER } from "../../scim/schema/resource-types.ts";
import { readSearchRequest } from "../../scim/list/search-request.ts";
import { inDirectory } from "../in-directory.ts";
import { listResources } from "./list-resources.ts";
import { noteRead, rememberPeople } from "../note-read.ts";
import { otherMethod } from "../other-method.ts";
import { readBody } from "../read-body.ts";
import { listAnswer, resourceAnswer } from "./resource-answer.ts";
import type { Condition } from "./resource-endpoint.ts";
import { maxMebibytesOf, resourceTarget, scopeOf, type ResourceTarget } from "./resource-target.ts";
import type { ScimEnv } from "../scim-env.ts";
import { writeVerb, type WriteAim } from "../write-verb.ts";

const COLLECTION_METHODS = "GET, HEAD, POST";
const RESOURCE_METHODS = "GET, HEAD, PUT, PATCH, DELETE";

type ScimContext = Context<ScimEnv>;

const segmentOf = (context: ScimContext): string => context.req.param("endpoint") ?? "";
const idOf = (context: ScimContext): string => context.req.param("id") ?? "";

/** How this client wants to see a resource of this type. */
const viewOf = (context: ScimContext, type: ResourceType) => ({
  type,
  projection: parseProjection(
    {
      attributes: context.req.query("attributes"),
      excludedAttributes: context.req.query("excludedAttributes"),
    },
    type,
  ),
  baseUrl: context.var.baseUrl,
});

function conditionOf(context: ScimContext): Condition {
  const header = context.req.header("If-Match");
  return {
    precondition: (version) => ifMatch(header, version),
    conditional: header !== undefined,
  };
}

function read<Result>(
  context: ScimContext,
  kind: ReadKind,
  verb: (directory: DirectoryContext, target: ResourceTarget) => Promise<Result>,
): Promise<Result> {
  const segment = segmentOf(context);
  return inDirectory(context, `${scopeOf(segment)}:read`, async (directory) => {
    const target = resourceTarget(directory, segment);
    const result = await verb(directory, target);
    noteRead(context, directory, kind, target.type.endpoint.slice(1));
    return result;
  });
}

const write = <Result>(
  context: ScimContext,
  operation: WriteVerb,
  verb: (directory: DirectoryContext, target: ResourceTarget) => Promise<Result>,
  created: Pick<WriteAim, "body"> = {},
): Promise<Result> => {
  const id = context.req.param("id") ?? null;
  return writeVerb(context, { segment: segmentOf(context), id, operation, ...created }, verb);
};

/** Read when a verb wants it, and once: the verb runs again when the tenant has changed. */
function bodyOf(context: ScimContext): () => Promise<JsonValue> {
  let body: Promise<JsonValue> | undefined;
  return () => (body ??= readBody(context.req, maxMebibytesOf(segmentOf(context))));
}

const list = (context: ScimContext): Promise<Response> =>
  read(context, context.req.query("filter") ? "search" : "list", async (directory, target) => {
    const { baseUrl, requestId } = context.var;
    const listing = await listResources(directory, target, context.req.query(), baseUrl);
    return listAnswer(listing, requestId);
  });

/** RFC 7644 §3.4.3: for filters that do not fit into a URL, or must not stand in one. */
function search(context: ScimContext): Promise<Response> {
  const body = bodyOf(context);
  return read(context, "search", async (directory, target) => {
    const params = readSearchRequest(await body());
    const { baseUrl, requestId } = context.var;
    return listAnswer(await listResources(directory, target, params, baseUrl), requestId);
  });
}

const readOne = (context: ScimContext): Promise<Response> =>
  read(context, "one", async (directory, { type, endpoint }) => {
    const view = viewOf(context, type);
    const record = await endpoint.read(directory, type, idOf(context), view.projection);
    if (ifNoneMatch(context.req.header("If-None-Match"), record.version)) {
      return resourceAnswer({ record, view }, context.var.requestId);
    }
    return new Response(null, { status: 304, headers: { ETag: etagOf(record.version) } });
  });

function create(context: ScimContext): Promise<Response> {
  const body = bodyOf(context);
  const verb = async (directory: DirectoryContext, { type, endpoint }: ResourceTarget) => {
    const record = await endpoint.create(directory, type, await body());
    if (type.name === USER.name) rememberPeople(context);
    return resourceAnswer({ record, view: viewOf(context, type) }, context.var.requestId, 201);
  };
  return write(context, "create", verb, { body });
}

function replace(context: ScimContext): Promise<Response> {
  const body = bodyOf(context);
  return write(context, "replace", async (directory, { type, endpoint }) => {
    const condition = conditionOf(context);
    const id = idOf(context);
    const record = await endpoint.replace(directory, type, id, await body(), condition);
    return resourceAnswer({ record, view: viewOf(context, type) }, context.var.requestId);
  });
}

function patch(context: ScimContext): Promise<Response> {
  const body = bodyOf(context);
  return write(context, "patch", async (directory, { type, endpoint }) => {
    const view = viewOf(context, type);
    const id = idOf(context);
    const patched = await endpoint.patch(directory, type, id, await body(), conditionOf(context));
    // RFC 7644 §3.5.2: 204 is not allowed when the client asks for attributes.
    const record =
      patched ??
      (view.projection.only &&
        (await readBack(() => endpoint.read(directory, type, id, view.projection))));
    return record
      ? resourceAnswer({ record, view }, context.var.requestId)
      : new Response(null, { status: 204 });
  });
}

const remove = (context: ScimContext): Promise<Response> =>
  write(context, "delete", async (directory, { type, endpoint }) => {
    await endpoint.remove(directory, type, idOf(context), conditionOf(context));
    return new Response(null, { status: 204 });
  });

/** 404 for a resource type that the tenant does not have comes first. */
const refuseMethod = (allow: string) => (context: ScimContext) =>
  inDirectory(context, undefined, async (directory) => {
    resourceTarget(directory, segmentOf(context));
    return otherMethod(allow)(context);
  });

/** RFC 7644 §3.2, table 2: seven routes, written once for every resource type. */
export function resourceRoutes(): Hono<ScimEnv> {
  return new Hono<ScimEnv>()
    .get("/:endpoint", list)
    .post("/:endpoint", create)
    .all("/:endpoint", refuseMethod(COLLECTION_METHODS))
    .post("/:endpoint/.search", search)
    .all("/:endpoint/.search", refuseMethod("POST"))
    .get("/:endpoint/:id", readOne)
    .put("/:endpoint/:id", replace)
    .patch("/:endpoint/:id", patch)
    .delete("/:endpoint/:id", remove)
    .all("/:endpoint/:id", refuseMethod(RESOURCE_METHODS));
}
