import { etagOf } from "../../scim/etag.ts";
import type { JsonObject } from "../../scim/json.ts";
import { locationOf } from "../../scim/represent.ts";
import { SCIM_MEDIA_TYPE } from "../error-response.ts";
import { logFailure } from "../on-error.ts";
import { listText, resourceText, type ShownRecord } from "./resource-text.ts";
import { showResource } from "./show-resource.ts";
import { textStream } from "./text-stream.ts";

type Headers = Record<string, string>;

function answer(body: string | ReadableStream, status: number, headers: Headers): Response {
  return new Response(body, { status, headers: { "Content-Type": SCIM_MEDIA_TYPE, ...headers } });
}

export const scimJson = (body: JsonObject, status = 200, headers: Headers = {}): Response =>
  answer(JSON.stringify(body), status, headers);

/** The status has been sent when a later page fails: all that is left is to break off, and to say so in the log. */
const inPortions = (text: AsyncGenerator<string>, requestId: string): ReadableStream =>
  textStream(text, (error) => {
    if (error instanceof Error) logFailure("answer-broken-off", error, requestId);
  });

/** One resource as the client wants to see it; 201 says where it is (RFC 7644 §3.3). */
export function resourceAnswer(
  { record, view }: ShownRecord,
  requestId: string,
  status = 200,
): Response {
  const headers = {
    ETag: etagOf(record.version),
    ...(status === 201 && { Location: locationOf(view.type, record.id, view.baseUrl) }),
  };
  if (!record.moreMembers) return scimJson(showResource(record, view), status, headers);
  return answer(inPortions(resourceText({ record, view }), requestId), status, headers);
}

/** A page of resources, and what stands around them. */
export interface Listing {
  readonly shown: readonly ShownRecord[];
  readonly envelope: (resources: readonly JsonObject[]) => JsonObject;
}

export function listAnswer({ shown, envelope }: Listing, requestId: string): Response {
  if (shown.some(({ record }) => record.moreMembers)) {
    return answer(inPortions(listText(shown, envelope), requestId), 200, {});
  }
  return scimJson(envelope(shown.map(({ record, view }) => showResource(record, view))));
}
