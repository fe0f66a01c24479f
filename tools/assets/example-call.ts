import { exampleMaker } from "./example-of.ts";
import type { JsonSchema } from "./named-schemas.ts";
import type { Endpoint } from "./openapi-document.ts";

export interface ExampleCall {
  /** With its query. */
  readonly path: string;
  /** Undefined: none, or a file of CSV. */
  readonly body: unknown;
  /** The command of a shell, with `$URL` and `$KEY` for the reader's own. */
  readonly command: string;
}

/** How to call an operation with only what must be given. */
export function exampleCall(
  { method, path, operation }: Endpoint,
  named: Readonly<Record<string, JsonSchema>>,
): ExampleCall {
  const { parameters, requestBody, tags } = operation;
  const { exampleOf, field } = exampleMaker(named, tags[0]);
  const text = (name: string, schema: unknown) => encodeURIComponent(String(field(name, schema)));
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    text(name, parameters.find((known) => known.name === name)?.schema),
  );
  const query = parameters
    .filter((parameter) => parameter.in === "query" && parameter.required)
    .map(({ name, schema }) => `${name}=${text(name, schema)}`);
  const withQuery = [filled, ...(query.length > 0 ? [query.join("&")] : [])].join("?");
  const { "application/json": json, "text/csv": csv } = requestBody?.content ?? {};
  const body = json && exampleOf(json.schema);
  const lines = [
    `curl ${method === "get" ? "" : `-X ${method.toUpperCase()} `}"$URL${withQuery}"`,
    '-H "Authorization: Bearer $KEY"',
    ...(json ? ['-H "Content-Type: application/json"', `-d '${spaced(body)}'`] : []),
    ...(csv && !json ? ['-H "Content-Type: text/csv"', "--data-binary @people.csv"] : []),
  ];
  return { path: withQuery, body, command: lines.join(" \\\n  ") };
}

/** JSON on one line, with the spaces that make it readable. */
const spaced = (value: unknown): string =>
  JSON.stringify(value, null, 1)
    .replaceAll(/\n */g, " ")
    .replaceAll(/([[{]) | ([\]}])/g, "$1$2");
