import * as z from "zod/mini";

import {
  deleteResourceType,
  findTypeIn,
  putResourceType,
} from "../../../directory/catalogue/change-catalogue.ts";
import {
  ResourceTypeDefinition,
  ResourceTypeName,
} from "../../../directory/catalogue/resource-type-definition.ts";
import { defineOperation, NO_ANSWER, NO_INPUT } from "../../operation.ts";
import { inCatalogue, notDefined } from "./catalogue-operation.ts";
import { TenantParams } from "../tenant-params.ts";

const TypeParams = z.extend(TenantParams, { name: ResourceTypeName });
const TypeView = z.extend(ResourceTypeDefinition, { name: z.string() });

const PATH = "/tenants/{slug}/resource-types/{name}";

export const putResourceTypeOperation = defineOperation(
  {
    id: "putResourceType",
    method: "put",
    path: PATH,
    status: 200,
    refusals: [404],
    params: TypeParams,
    query: NO_INPUT,
    body: ResourceTypeDefinition,
    answer: TypeView,
  },
  ({ params, body }, deps, caller) =>
    inCatalogue(params.slug, deps, caller, async (context) => {
      const outcome = await putResourceType(context, params.name, body);
      return outcome.kind === "put"
        ? { kind: "done", answer: { ...outcome.definition, name: outcome.name } }
        : { kind: "invalid", errors: outcome.faults };
    }),
);

export const getResourceTypeOperation = defineOperation(
  {
    id: "getResourceType",
    method: "get",
    path: PATH,
    status: 200,
    refusals: [404],
    params: TypeParams,
    query: NO_INPUT,
    body: NO_INPUT,
    answer: TypeView,
  },
  ({ params }, deps, caller) =>
    inCatalogue(params.slug, deps, caller, async ({ store }) => {
      const found = findTypeIn(await store.load(), params.name);
      return found
        ? { kind: "done", answer: { ...found.definition, name: found.name } }
        : notDefined("resource type");
    }),
);

export const deleteResourceTypeOperation = defineOperation(
  {
    id: "deleteResourceType",
    method: "delete",
    path: PATH,
    status: 204,
    refusals: [404, 409],
    params: TypeParams,
    query: NO_INPUT,
    body: NO_INPUT,
    answer: NO_ANSWER,
  },
  ({ params }, deps, caller) =>
    inCatalogue(params.slug, deps, caller, async (context) => {
      const outcome = await deleteResourceType(context, params.name);
      switch (outcome.kind) {
        case "deleted":
          return { kind: "done", answer: undefined };
        case "unknown":
          return notDefined("resource type");
        case "conflict":
          return outcome;
      }
    }),
);
