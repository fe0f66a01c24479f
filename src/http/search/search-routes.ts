import type { Context } from "hono";
import { Hono } from "hono/tiny";

import { forbidden } from "../../scim/error.ts";
import type { JsonValue } from "../../scim/json.ts";
import { readSearchRequest } from "../../scim/list/search-request.ts";
import { inDirectory } from "../in-directory.ts";
import { otherMethod } from "../other-method.ts";
import { readBody } from "../read-body.ts";
import { listAnswer } from "../resources/resource-answer.ts";
import { scopeOf } from "../resources/resource-target.ts";
import type { ScimEnv } from "../scim-env.ts";
import { searchAll } from "./search-all.ts";

/** RFC 7644 §3.4.3: a search from the root looks at every resource type that the token may read. */
async function search(context: Context<ScimEnv>): Promise<Response> {
  let body: Promise<JsonValue> | undefined;
  return inDirectory(context, undefined, async (directory) => {
    const params = readSearchRequest(await (body ??= readBody(context.req, 1)));
    const { scopes } = context.var.authentication.admission.credential;
    const readable = directory.types.filter(({ endpoint }) =>
      scopes.includes(`${scopeOf(endpoint.slice(1))}:read`),
    );
    if (readable.length === 0) {
      throw forbidden("The token has neither the permission users:read nor groups:read.");
    }
    const { baseUrl, requestId } = context.var;
    return listAnswer(await searchAll(directory, readable, params, baseUrl), requestId);
  });
}

export function searchRoutes(): Hono<ScimEnv> {
  return new Hono<ScimEnv>().post("/.search", search).all("/.search", otherMethod("POST"));
}
