import type { Context } from "hono";
import { Hono } from "hono/tiny";
import { routePath } from "hono/route";

import { StorageUnavailable } from "../../tenancy/unavailable.ts";
import { normalizePath } from "../normalize-path.ts";
import { logFailure } from "../on-error.ts";
import { issueAccessToken } from "./issue-access-token.ts";
import type { OAuthEnv } from "./oauth-env.ts";
import { refuse } from "./refuse.ts";
import { temporarilyUnavailable } from "./token-error.ts";

const TOKEN_PATH = "/api/v1/oauth/token";

/** The token endpoint, and a refusal at every other path below its own. */
export function oauthApp(): Hono<OAuthEnv> {
  const app = new Hono<OAuthEnv>({
    getPath: (request) => normalizePath(new URL(request.url).pathname),
  });
  app.use("*", async function everyAnswer(context, next) {
    context.env.log.note({ app: "oauth" });
    await next();
    // RFC 6749 §5.1
    context.header("Cache-Control", "no-store");
    context.header("Pragma", "no-cache");
    context.env.log.note({ route: routePath(context, -1) });
  });
  app.post(TOKEN_PATH, issueAccessToken);
  app.all(TOKEN_PATH, (context) =>
    refuse(context, {
      code: "invalid_request",
      description: "This address takes POST.",
      status: 405,
      headers: { Allow: "POST" },
    }),
  );
  app.notFound((context) =>
    refuse(context, {
      code: "invalid_request",
      description: "There is nothing at this address.",
      status: 404,
    }),
  );
  app.onError(onError);
  return app;
}

/** A database that cannot answer is never a client that is not known: a client would give its secret up. */
function onError(error: Error, context: Context<OAuthEnv>): Response {
  const { requestId } = context.env.log;
  if (error instanceof StorageUnavailable) {
    logFailure("storage-unavailable", error, requestId);
    return refuse(
      context,
      temporarilyUnavailable(
        "The database cannot answer now. Send the same request again.",
        error.retryAfterSeconds,
      ),
    );
  }
  logFailure("error", error, requestId);
  return refuse(context, {
    code: "server_error",
    description: `This is a fault of the server. Tell its operator the request id ${requestId}.`,
    status: 500,
  });
}
