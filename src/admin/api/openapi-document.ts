import { createRoute, OpenAPIHono } from "@hono/zod-openapi";

import { NO_INPUT, type Operation } from "../operation.ts";
import { Problem, type ProblemStatus } from "./problem.ts";

const EVERY_OPERATION = [401, 403, 422, 500, 503] as const;
const OPERATIONS_WITH_A_BODY = [400, 413, 415] as const;
const SECURITY_SCHEME = "adminKey";

const REASONS: Record<ProblemStatus, string> = {
  400: "The body is not JSON.",
  401: "No key, or not one of ours.",
  403: "The key may not do this.",
  404: "Not there, or not for this key to see.",
  405: "The path has other methods.",
  409: "The state of the tenant does not allow it.",
  413: "The body is larger than 1 MiB.",
  415: "The body is not application/json.",
  422: "One entry in errors for each field that is wrong.",
  500: "A fault of the server.",
  503: "The database cannot answer now; try again after Retry-After seconds.",
};

/**
 * The OpenAPI 3.1 document of the admin API, generated from the very schemas that its input is checked with.
 * Made when it is asked for: describing every operation costs more than answering most of them.
 */
export function openApiDocument(operations: readonly Operation[], base: string, publicUrl: string) {
  const app = new OpenAPIHono();
  for (const operation of operations) app.openAPIRegistry.registerPath(describe(operation, base));
  app.openAPIRegistry.registerComponent("securitySchemes", SECURITY_SCHEME, {
    type: "http",
    scheme: "bearer",
  });
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "SCIM service provider: administration", version: "1" },
    servers: [{ url: publicUrl }],
  });
}

function describe(operation: Operation, base: string) {
  const hasBody = operation.body !== NO_INPUT;
  const statuses: ProblemStatus[] = [
    ...EVERY_OPERATION,
    ...(hasBody ? OPERATIONS_WITH_A_BODY : []),
    ...operation.refusals,
  ];
  const content =
    operation.status === 204
      ? {}
      : { content: { "application/json": { schema: operation.answer } } };
  return createRoute({
    operationId: operation.id,
    method: operation.method,
    path: base + operation.path,
    summary: operation.summary,
    security: [{ [SECURITY_SCHEME]: [] }],
    request: {
      params: operation.params,
      query: operation.query,
      ...(hasBody && { body: { content: { "application/json": { schema: operation.body } } } }),
    },
    responses: {
      [operation.status]: { description: operation.summary, ...content },
      ...Object.fromEntries(statuses.map((status) => [status, refusal(status)])),
    },
  });
}

function refusal(status: ProblemStatus) {
  const content = { "application/problem+json": { schema: Problem } };
  return { description: REASONS[status], content };
}
