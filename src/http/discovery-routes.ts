import { Hono, type Context } from "hono";

import { resourceTypesOf } from "../directory/resource-types-of.ts";
import {
  discoverableSchemas,
  resourceTypeDocument,
  schemaDocument,
  serviceProviderConfig,
} from "../scim/discovery.ts";
import { forbidden, methodNotAllowed, notFound } from "../scim/error.ts";
import type { JsonObject } from "../scim/json.ts";
import { listResponse } from "../scim/list-response.ts";
import { settingsOf } from "../tenancy/presets.ts";
import { errorResponse } from "./error-response.ts";
import { scimJson } from "./resource-routes.ts";
import type { ScimEnv } from "./scim-env.ts";

type ScimContext = Context<ScimEnv>;

const FEATURES = {
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  sort: true,
};

function typesFor(context: ScimContext) {
  const { tenant } = context.var.authentication.admission;
  return resourceTypesOf(settingsOf(tenant.preset, tenant.overrides));
}

/** RFC 7644 §4: a filter on these lists is refused, so that nobody takes the whole for the part. */
function listOf(context: ScimContext, documents: JsonObject[]): Response {
  if (context.req.query("filter") !== undefined) {
    throw forbidden("This list cannot be filtered. Ask for it without a filter.");
  }
  return scimJson(
    listResponse({ resources: documents, totalResults: documents.length, startIndex: 1 }),
  );
}

function oneOf(context: ScimContext, documents: JsonObject[], what: string): Response {
  const id = (context.req.param("id") ?? "").toLowerCase();
  const found = documents.find(
    (document) => typeof document["id"] === "string" && document["id"].toLowerCase() === id,
  );
  if (!found) throw notFound(what);
  return scimJson(found);
}

const config = (context: ScimContext) =>
  scimJson(serviceProviderConfig(FEATURES, context.var.baseUrl));

const resourceTypes = (context: ScimContext) =>
  typesFor(context).map((type) => resourceTypeDocument(type, context.var.baseUrl));

const schemas = (context: ScimContext) =>
  discoverableSchemas(typesFor(context)).map((schema) =>
    schemaDocument(schema, context.var.baseUrl),
  );

const refuseMethod = () =>
  errorResponse(methodNotAllowed("This address takes GET and HEAD."), { Allow: "GET, HEAD" });

const CONFIG = "/ServiceProviderConfig";
const RESOURCE_TYPES = "/ResourceTypes";
const SCHEMAS = "/Schemas";

/** RFC 7644 §4. What the documents say is made from the schemas that requests are judged by. */
export function discoveryRoutes(): Hono<ScimEnv> {
  const app = new Hono<ScimEnv>()
    .get(CONFIG, config)
    .get(RESOURCE_TYPES, (context) => listOf(context, resourceTypes(context)))
    .get(`${RESOURCE_TYPES}/:id`, (context) =>
      oneOf(context, resourceTypes(context), "Resource type"),
    )
    .get(SCHEMAS, (context) => listOf(context, schemas(context)))
    .get(`${SCHEMAS}/:id`, (context) => oneOf(context, schemas(context), "Schema"));
  for (const name of [CONFIG, RESOURCE_TYPES, SCHEMAS])
    app.all(name, refuseMethod).all(`${name}/:id`, refuseMethod);
  return app;
}
