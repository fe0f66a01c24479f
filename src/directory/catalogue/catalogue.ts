import { foldText } from "../../scim/fold.ts";
import type { ResourceType, Schema } from "../../scim/schema/attribute.ts";
import { ENTERPRISE_USER_SCHEMA } from "../../scim/schema/enterprise-user.ts";
import { GROUP_SCHEMA } from "../../scim/schema/group.ts";
import { GROUP, USER } from "../../scim/schema/resource-types.ts";
import { USER_SCHEMA } from "../../scim/schema/user.ts";
import type { ResourceTypeDefinition } from "./resource-type-definition.ts";

/** Schemas and resource types that a tenant defined itself, as they are stored. */
export interface Catalogue {
  readonly schemas: readonly Schema[];
  readonly resourceTypes: readonly {
    readonly name: string;
    readonly definition: ResourceTypeDefinition;
  }[];
}

export const BUILT_IN_SCHEMAS: readonly Schema[] = [
  USER_SCHEMA,
  GROUP_SCHEMA,
  ENTERPRISE_USER_SCHEMA,
];
export const BUILT_IN_TYPES: readonly ResourceType[] = [USER, GROUP];

/** The schema of that URI: one of the RFC's, or one of the tenant's. */
export function schemaNamed(catalogue: Catalogue, uri: string): Schema | undefined {
  const folded = foldText(uri);
  return [...BUILT_IN_SCHEMAS, ...catalogue.schemas].find(({ id }) => foldText(id) === folded);
}

/** A resource type as the engine takes it; undefined when it names a schema that is not there (any more). */
export function compileType(
  catalogue: Catalogue,
  name: string,
  definition: ResourceTypeDefinition,
): ResourceType | undefined {
  const schema = schemaNamed(catalogue, definition.schema);
  const schemaExtensions = definition.schemaExtensions.flatMap((extension) => {
    const found = schemaNamed(catalogue, extension.schema);
    return found ? [{ schema: found, required: extension.required }] : [];
  });
  if (!schema || schemaExtensions.length < definition.schemaExtensions.length) return undefined;
  return {
    name,
    endpoint: definition.endpoint,
    description: definition.description,
    schema,
    schemaExtensions,
  };
}

/** All resource types of a tenant: User and Group, with its own extensions where it has some, and its own types. */
export function compileCatalogue(catalogue: Catalogue): readonly ResourceType[] {
  if (catalogue.resourceTypes.length === 0) return BUILT_IN_TYPES;
  const own = catalogue.resourceTypes.flatMap(({ name, definition }) => {
    const type = compileType(catalogue, name, definition);
    return type ? [type] : [];
  });
  const replaced = BUILT_IN_TYPES.map((type) => own.find(({ name }) => name === type.name) ?? type);
  return [
    ...replaced,
    ...own.filter(({ name }) => !BUILT_IN_TYPES.some((type) => type.name === name)),
  ];
}
