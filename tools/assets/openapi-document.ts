import type * as z from "zod";

import { Problem, type ProblemStatus } from "../../src/admin/api/problem.ts";
import { acceptedBy } from "../../src/admin/api/read-body.ts";
import { NO_INPUT, type Operation } from "../../src/admin/operation.ts";
import { PERMISSIONS } from "../../src/admin/permissions.ts";
import { IN_DOCUMENT, type JsonSchema, schemaWriter } from "./named-schemas.ts";
import { SUMMARIES } from "./summaries.ts";
import { TAGS, tagOf } from "./tag-of.ts";

const EVERY_OPERATION = [401, 403, 422, 429, 500, 503] as const;
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
  429: "Too many requests; try again after Retry-After seconds.",
  500: "A fault of the server.",
  503: "The database cannot answer now; try again after Retry-After seconds.",
};

const TEXT: JsonSchema = { type: "string" };

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required: boolean;
  readonly schema: JsonSchema;
}

type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

export interface DescribedOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  /** An extension of ours: which kinds of keys may. */
  readonly "x-principals": readonly (typeof PERMISSIONS)[keyof typeof PERMISSIONS][number][];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Content }>
  >;
}

/** An operation with the way to it. */
export interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly operation: DescribedOperation;
}

export type OpenApiDocument = ReturnType<typeof openApiDocument>;

/**
 * The OpenAPI 3.1 document of the admin API, generated from the very schemas that its input is checked with. The
 * Worker puts its own address in place of the server's.
 */
export function openApiDocument(operations: readonly Operation[], base: string) {
  const schemas = schemaWriter();
  const problem = { $ref: `${IN_DOCUMENT}Problem` };
  const refusal = (status: ProblemStatus) => ({
    description: REASONS[status],
    content: { "application/problem+json": { schema: problem } },
  });

  function describe(operation: Operation): DescribedOperation {
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
      summary: SUMMARIES[operation.id],
      tags: [tagOf(operation.path)],
      "x-principals": PERMISSIONS[operation.id],
      security: [{ [SECURITY_SCHEME]: [] }],
      parameters: [
        ...parametersOf(operation.params, "path"),
        ...parametersOf(operation.query, "query"),
      ],
      ...(hasBody && { requestBody: { required: true, content: bodyOf(operation) } }),
      responses: {
        [operation.status]: {
          description: SUMMARIES[operation.id],
          ...(operation.status !== 204 && { content: answerOf(operation) }),
        },
        ...Object.fromEntries(statuses.map((status) => [status, refusal(status)])),
      },
    };
  }

  function parametersOf(schema: z.core.$ZodType, place: "path" | "query"): Parameter[] {
    const { properties = {}, required = [] } = schemas.write(schema, "input");
    return Object.entries(properties).map(([name, property]) => ({
      name,
      in: place,
      required: place === "path" || required.includes(name),
      // zod's types allow `true`, which it never writes for a property of an object.
      schema: typeof property === "boolean" ? {} : property,
    }));
  }

  function bodyOf(operation: Operation): Content {
    const types = acceptedBy(operation).map(([type]) => [
      type,
      { schema: type === "text/csv" ? TEXT : schemas.write(operation.body, "input") },
    ]);
    return Object.fromEntries(types);
  }

  function answerOf({ file, answer, alsoAs = [] }: Operation): Content {
    if (file !== undefined) return { [file]: { schema: TEXT } };
    return {
      "application/json": { schema: schemas.write(answer, "output") },
      ...Object.fromEntries(alsoAs.map((type) => [type, { schema: TEXT }])),
    };
  }

  const paths: Record<string, Record<string, DescribedOperation>> = {};
  for (const operation of operations) {
    const path = base + operation.path;
    paths[path] = { ...paths[path], [operation.method]: describe(operation) };
  }
  schemas.write(Problem, "output");
  return {
    openapi: "3.1.0",
    info: { title: "SCIM service provider: administration", version: "1" },
    servers: [{ url: "/" }],
    tags: TAGS.map((name) => ({ name })),
    paths,
    components: {
      schemas: schemas.named,
      securitySchemes: { [SECURITY_SCHEME]: { type: "http", scheme: "bearer" } },
    },
  };
}

/** All that the document describes, in its order. */
export const endpointsOf = ({ paths }: OpenApiDocument): Endpoint[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
