import * as z from "zod/mini";

import {
  deleteSchema,
  findSchemaIn,
  putSchema,
} from "../../../directory/catalogue/change-catalogue.ts";
import { SchemaDefinition, SchemaUri } from "../../../directory/catalogue/schema-definition.ts";
import { defineOperation, NO_ANSWER, NO_INPUT } from "../../operation.ts";
import { inCatalogue, notDefined } from "./catalogue-operation.ts";
import { TenantParams } from "../tenant-params.ts";

const SchemaParams = z.extend(TenantParams, { urn: SchemaUri });
const SchemaView = z.extend(SchemaDefinition, { id: z.string() });

const PATH = "/tenants/{slug}/schemas/{urn}";

export const putSchemaOperation = defineOperation(
  {
    id: "putSchema",
    method: "put",
    path: PATH,
    status: 200,
    refusals: [404],
    params: SchemaParams,
    query: NO_INPUT,
    body: SchemaDefinition,
    answer: z.looseObject(SchemaView.shape),
  },
  ({ params, body }, deps, caller) =>
    inCatalogue(params.slug, deps, caller, async (context) => {
      const outcome = await putSchema(context, params.urn, body);
      return outcome.kind === "put"
        ? { kind: "done", answer: { ...body, id: outcome.schema.id } }
        : { kind: "invalid", errors: outcome.faults };
    }),
);

export const getSchemaOperation = defineOperation(
  {
    id: "getSchema",
    method: "get",
    path: PATH,
    status: 200,
    refusals: [404],
    params: SchemaParams,
    query: NO_INPUT,
    body: NO_INPUT,
    answer: z.looseObject({ id: z.string(), name: z.string(), description: z.string() }),
  },
  ({ params }, deps, caller) =>
    inCatalogue(params.slug, deps, caller, async ({ store }) => {
      const schema = findSchemaIn(await store.load(), params.urn);
      return schema ? { kind: "done", answer: { ...schema } } : notDefined("schema");
    }),
);

export const deleteSchemaOperation = defineOperation(
  {
    id: "deleteSchema",
    method: "delete",
    path: PATH,
    status: 204,
    refusals: [404, 409],
    params: SchemaParams,
    query: NO_INPUT,
    body: NO_INPUT,
    answer: NO_ANSWER,
  },
  ({ params }, deps, caller) =>
    inCatalogue(params.slug, deps, caller, async (context) => {
      const outcome = await deleteSchema(context, params.urn);
      switch (outcome.kind) {
        case "deleted":
          return { kind: "done", answer: undefined };
        case "unknown":
          return notDefined("schema");
        case "conflict":
          return outcome;
      }
    }),
);
