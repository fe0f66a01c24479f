import { changeResource } from "../../directory/resources/change-resource.ts";
import { createResource } from "../../directory/resources/create-resource.ts";
import { deleteResource } from "../../directory/resources/delete-resource.ts";
import {
  listResources,
  readResource as readStored,
} from "../../directory/resources/read-resources.ts";
import { keepImmutable } from "../../scim/value/keep-immutable.ts";
import { applyPatch } from "../../scim/patch/apply.ts";
import { parsePatch } from "../../scim/patch/parse.ts";
import { readResource } from "../../scim/resource.ts";
import type { ResourceEndpoint } from "./resource-endpoint.ts";

/** Resources of the types that a tenant defined: what the schema says, and nothing of a product. */
export const CUSTOM_ENDPOINT: ResourceEndpoint = {
  async list(directory, type, query) {
    const page = await listResources(directory, type, { ...query, related: false });
    return { ...page, records: [...page.items] };
  },

  read: (directory, type, id) => readStored(directory, type, id),

  async create(directory, type, body) {
    return createResource(directory, type, readResource(body, type));
  },

  async replace(directory, type, id, body, { precondition }) {
    const given = readResource(body, type);
    return changeResource(directory, type, id, {
      verb: "replace",
      precondition,
      compute: (document) => keepImmutable(document, given, type),
    });
  },

  async patch(directory, type, id, body, { precondition }) {
    const { operations } = parsePatch(body, type);
    return changeResource(directory, type, id, {
      verb: "patch",
      precondition,
      compute: (document) => applyPatch(document, operations, type),
    });
  },

  remove: (directory, type, id, { precondition }) =>
    deleteResource(directory, type, id, precondition),
};
