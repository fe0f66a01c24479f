import { foldText } from "../../scim/fold.ts";
import {
  BUILT_IN_SCHEMAS,
  BUILT_IN_TYPES,
  compileType,
  schemaNamed,
  type Catalogue,
} from "./catalogue.ts";
import type { ResourceTypeDefinition } from "./resource-type-definition.ts";

/** Endpoints that the protocol has taken (RFC 7644 §3.2). */
const RESERVED = [
  "/Me",
  "/Bulk",
  "/Schemas",
  "/ResourceTypes",
  "/ServiceProviderConfig",
  "/.search",
];

const same = (a: string, b: string): boolean => foldText(a) === foldText(b);

/** Why a schema of this URI cannot be defined by a tenant, or undefined when it can. */
export const objectionToSchema = (uri: string): string | undefined =>
  BUILT_IN_SCHEMAS.some(({ id }) => same(id, uri)) ||
  same(uri.slice(0, 27), "urn:ietf:params:scim:api:me")
    ? "This schema belongs to the RFC. Define an extension with a URN of your own."
    : undefined;

/** The resource type that uses a schema, by name: it has to go first. */
export const userOfSchema = (catalogue: Catalogue, uri: string): string | undefined =>
  catalogue.resourceTypes.find(
    ({ definition }) =>
      same(definition.schema, uri) ||
      definition.schemaExtensions.some(({ schema }) => same(schema, uri)),
  )?.name;

/** What is wrong with a definition of a resource type; empty when nothing is. */
export function faultsOfType(
  catalogue: Catalogue,
  name: string,
  definition: ResourceTypeDefinition,
): { path: string; message: string }[] {
  const builtIn = BUILT_IN_TYPES.find((type) => same(type.name, name));
  const others = [
    ...BUILT_IN_TYPES,
    ...catalogue.resourceTypes.map((type) => ({
      name: type.name,
      endpoint: type.definition.endpoint,
    })),
  ].filter((type) => !same(type.name, name));
  const faults: { path: string; message: string }[] = [];
  const fault = (path: string, message: string) => faults.push({ path, message });

  if (builtIn && !same(builtIn.schema.id, definition.schema)) {
    fault("schema", `${builtIn.name} has the schema ${builtIn.schema.id}; add extensions to it.`);
  }
  if (builtIn && !same(builtIn.endpoint, definition.endpoint)) {
    fault("endpoint", `${builtIn.name} is served at ${builtIn.endpoint}.`);
  }
  if (!builtIn && BUILT_IN_SCHEMAS.some(({ id }) => same(id, definition.schema))) {
    fault("schema", "Define a schema of your own for this resource type first.");
  }
  if (
    RESERVED.some((endpoint) => same(endpoint, definition.endpoint)) ||
    others.some((type) => same(type.endpoint, definition.endpoint))
  ) {
    fault("endpoint", "This endpoint is taken.");
  }
  const named = [definition.schema, ...definition.schemaExtensions.map(({ schema }) => schema)];
  if (new Set(named.map(foldText)).size < named.length) {
    fault("schemaExtensions", "A schema is named twice.");
  }
  if (!compileType(catalogue, name, definition)) {
    const unknown = named.filter((uri) => !schemaNamed(catalogue, uri));
    fault("schemaExtensions", `These schemas are not defined yet: ${unknown.join(", ")}.`);
  }
  return faults;
}
