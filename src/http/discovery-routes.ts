import type { Context } from "hono";
import { Hono } from "hono/tiny";

import type { DirectoryContext } from "../directory/context.ts";
import {
  discoverableSchemas,
  resourceTypeDocument,
  schemaDocument,
  serviceProviderConfig,
} from "../scim/discovery.ts";
import { forbidden, notFound } from "../scim/error.ts";
import type { JsonObject } from "../scim/json.ts";
import { listResponse } from "../scim/list/list-response.ts";
import { FEATURES } from "./features.ts";
import { inDirectory } from "./in-directory.ts";
import { otherMethod } from "./other-method.ts";
import { scimJson } from "./resources/resource-answer.ts";
import type { ScimEnv } from "./scim-env.ts";

type ScimContext = Context<ScimEnv>;

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

const resourceTypes = (context: ScimContext, { types }: DirectoryContext) =>
  types.map((type) => resourceTypeDocument(type, context.var.baseUrl));

const schemas = (context: ScimContext, { types }: DirectoryContext) =>
  discoverableSchemas(types).map((schema) => schemaDocument(schema, context.var.baseUrl));

/** Discovery asks no row of the directory, but whether the token and the settings are still what they were. */
const live =
  (answer: (context: ScimContext, directory: DirectoryContext) => Response) =>
  (context: ScimContext) =>
    inDirectory(context, undefined, async (directory) => answer(context, directory));

const refuseMethod = otherMethod("GET, HEAD");

const CONFIG = "/ServiceProviderConfig";
const RESOURCE_TYPES = "/ResourceTypes";
const SCHEMAS = "/Schemas";

/** RFC 7644 §4. What the documents say is made from the schemas that requests are judged by. */
export function discoveryRoutes(): Hono<ScimEnv> {
  const app = new Hono<ScimEnv>()
    .get(CONFIG, live(config))
    .get(
      RESOURCE_TYPES,
      live((context, directory) => listOf(context, resourceTypes(context, directory))),
    )
    .get(
      `${RESOURCE_TYPES}/:id`,
      live((context, directory) =>
        oneOf(context, resourceTypes(context, directory), "Resource type"),
      ),
    )
    .get(
      SCHEMAS,
      live((context, directory) => listOf(context, schemas(context, directory))),
    )
    .get(
      `${SCHEMAS}/:id`,
      live((context, directory) => oneOf(context, schemas(context, directory), "Schema")),
    );
  for (const name of [CONFIG, RESOURCE_TYPES, SCHEMAS])
    app.all(name, refuseMethod).all(`${name}/:id`, refuseMethod);
  return app;
}
