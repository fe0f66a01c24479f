import type { JsonObject } from "../../scim/json.ts";
import { project, type Projection } from "../../scim/list/projection.ts";
import { represent, type ResourceRecord } from "../../scim/represent.ts";
import type { ResourceType } from "../../scim/schema/attribute.ts";

/** How a client wants to see resources of a type. */
export interface ResourceView {
  readonly type: ResourceType;
  readonly projection: Projection;
  readonly baseUrl: string;
}

/** A resource as the client gets it. */
export const showResource = (
  record: ResourceRecord,
  { type, projection, baseUrl }: ResourceView,
): JsonObject => project(represent(record, type, baseUrl), projection, type);
