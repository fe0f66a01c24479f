import { etagOf } from "../scim/etag.ts";
import type { JsonObject } from "../scim/json.ts";
import { project, type Projection } from "../scim/list/projection.ts";
import { locationOf, represent, type ResourceRecord } from "../scim/represent.ts";
import type { ResourceType } from "../scim/schema/attribute.ts";
import { SCIM_MEDIA_TYPE } from "./error-response.ts";

export const scimJson = (body: JsonObject, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": SCIM_MEDIA_TYPE, ...headers },
  });

/** One resource as the client wants to see it; 201 says where it is (RFC 7644 §3.3). */
export function resourceAnswer(
  record: ResourceRecord,
  view: { type: ResourceType; projection: Projection; baseUrl: string },
  status = 200,
): Response {
  const { type, projection, baseUrl } = view;
  return scimJson(project(represent(record, type, baseUrl), projection, type), status, {
    ETag: etagOf(record.version),
    ...(status === 201 && { Location: locationOf(type, record.id, baseUrl) }),
  });
}
