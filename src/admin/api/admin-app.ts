import { Hono } from "hono";

import type { AdminDeps } from "../admin-deps.ts";
import type { Operation } from "../operation.ts";
import { OPERATIONS } from "../operations/operations.ts";
import type { AdminEnv } from "./admin-env.ts";
import { answer } from "./answer.ts";
import { onError } from "./on-error.ts";
import { openApiDocument } from "./openapi-document.ts";
import { problem } from "./problem.ts";
import { requireAdmin } from "./require-admin.ts";

const BASE = "/api/v1/admin";
const DOCUMENT_PATH = `${BASE}/openapi.json`;

/**
 * The admin API at its full paths. Denies by default: its middleware stands on `*`, so the app takes requests
 * through its own `fetch` and is not merged into the routes of another one.
 */
export function adminApp(deps: AdminDeps): Hono<AdminEnv> {
  const app = new Hono<AdminEnv>({ getPath });

  app.use("*", async function everyAnswer(context, next) {
    context.set("requestId", deps.ids.next());
    await next();
    context.header("Cache-Control", "no-store");
    context.header("X-Request-Id", context.var.requestId);
  });
  app.use("*", requireAdmin(deps.adminKeys));

  for (const operation of OPERATIONS) {
    app.on(operation.method.toUpperCase(), honoPath(operation.path), answer(operation, deps));
  }
  app.get(DOCUMENT_PATH, (context) =>
    context.json(openApiDocument(OPERATIONS, BASE, deps.publicUrl)),
  );
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
  const methods = new Map([[DOCUMENT_PATH, ["GET", "HEAD"]]]);
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
