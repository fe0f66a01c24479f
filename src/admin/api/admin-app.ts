import { Hono } from "hono/tiny";

import type { Operation } from "../operation.ts";
import { OPERATIONS } from "../operations/operations.ts";
import type { AdminEnv } from "./admin-env.ts";
import { answer } from "./answer.ts";
import { docsPage, openApiJson } from "./api-description.ts";
import { limitRequests } from "./limit-requests.ts";
import { onError } from "./on-error.ts";
import { problem } from "./problem.ts";
import { requireAdmin } from "./require-admin.ts";

const BASE = "/api/v1/admin";
const DOCUMENT_PATH = `${BASE}/openapi.json`;
const DOCS_PATH = `${BASE}/docs`;

/**
 * The admin API at its full paths. Denies by default: its middleware stands on `*`, so the app takes requests
 * through its own `fetch` and is not merged into the routes of another one.
 */
export function adminApp(): Hono<AdminEnv> {
  const app = new Hono<AdminEnv>({ getPath });

  app.use("*", async function everyAnswer(context, next) {
    const { log } = context.env;
    context.set("requestId", log.requestId);
    log.note({ app: "admin" });
    await next();
    log.note({ operation: context.var.operation });
  });
  app.get(DOCS_PATH, docsPage);
  app.use("*", requireAdmin);
  app.use("*", limitRequests);

  for (const operation of OPERATIONS) {
    app.on(operation.method.toUpperCase(), honoPath(operation.path), answer(operation));
  }
  app.get(DOCUMENT_PATH, openApiJson);
  for (const [path, methods] of methodsByPath(OPERATIONS)) {
    const allow = methods.join(", ");
    app.all(path, (context) =>
      problem(context, 405, `This path takes ${allow}.`, { headers: { Allow: allow } }),
    );
  }
  app.notFound((context) => problem(context, 404, "There is nothing at this address."));
  app.onError(onError);
  return app;
}

/** Doubled slashes are one, and a slash at the end counts for nothing. */
function getPath(request: Request): string {
  const path = new URL(request.url).pathname.replaceAll(/\/{2,}/g, "/");
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

function methodsByPath(operations: readonly Operation[]): Map<string, string[]> {
  const methods = new Map([DOCUMENT_PATH, DOCS_PATH].map((path) => [path, ["GET", "HEAD"]]));
  for (const { path, method } of operations) {
    // Hono answers HEAD wherever there is a GET.
    const added = method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()];
    methods.set(honoPath(path), [...(methods.get(honoPath(path)) ?? []), ...added]);
  }
  return methods;
}

function honoPath(path: string): string {
  return BASE + path.replaceAll(/\{(\w+)\}/g, ":$1");
}
