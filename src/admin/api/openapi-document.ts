import * as z from "zod";

import { NO_INPUT, type Operation } from "../operation.ts";
import { acceptedBy } from "./read-body.ts";
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
  410: "It is not kept any longer.",
  413: "The body is too large.",
  415: "The body has none of the media types above.",
  422: "One entry in errors for each field that is wrong.",
  500: "A fault of the server.",
  503: "The database cannot answer now; try again after Retry-After seconds.",
};

const TEXT = { type: "string" } as const;

/** OpenAPI 3.1 takes JSON Schema as it is. */
const schemaOf = (schema: z.ZodType, io: "input" | "output") => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
};

/**
 * The OpenAPI 3.1 document of the admin API, generated from the very schemas that its input is checked with.
 * Made when it is asked for: describing every operation costs more than answering most of them.
 */
export function openApiDocument(operations: readonly Operation[], base: string, publicUrl: string) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = base + operation.path;
    paths[path] = { ...paths[path], [operation.method]: describe(operation) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "SCIM service provider: administration", version: "1" },
    servers: [{ url: publicUrl }],
    paths,
    components: {
      schemas: { Problem: schemaOf(Problem, "output") },
      securitySchemes: { [SECURITY_SCHEME]: { type: "http", scheme: "bearer" } },
    },
  };
}

function describe(operation: Operation) {
  const hasBody = operation.body !== NO_INPUT;
  const statuses: ProblemStatus[] = [
    ...EVERY_OPERATION,
    ...(hasBody ? OPERATIONS_WITH_A_BODY : []),
    // A tenant on its way to another database is not written.
    ...(operation.method === "get" ? [] : ([409] as const)),
    ...operation.refusals,
  ];
  return {
    operationId: operation.id,
    summary: operation.summary,
    security: [{ [SECURITY_SCHEME]: [] }],
    parameters: [
      ...parametersOf(operation.params, "path"),
      ...parametersOf(operation.query, "query"),
    ],
    ...(hasBody && {
      requestBody: {
        required: true,
        content: Object.fromEntries(
          acceptedBy(operation).map(([type]) => [
            type,
            { schema: type === "text/csv" ? TEXT : schemaOf(operation.body, "input") },
          ]),
        ),
      },
    }),
    responses: {
      [operation.status]: {
        description: operation.summary,
        ...(operation.status !== 204 && {
          content:
            operation.file === undefined
              ? {
                  "application/json": { schema: schemaOf(operation.answer, "output") },
                  ...Object.fromEntries(
                    (operation.alsoAs ?? []).map((type) => [type, { schema: TEXT }]),
                  ),
                }
              : { [operation.file]: { schema: TEXT } },
        }),
      },
      ...Object.fromEntries(statuses.map((status) => [status, refusal(status)])),
    },
  };
}

function parametersOf(schema: z.ZodObject, place: "path" | "query") {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
  });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: property,
  }));
}

function refusal(status: ProblemStatus) {
  const schema = { $ref: "#/components/schemas/Problem" };
  return { description: REASONS[status], content: { "application/problem+json": { schema } } };
}
