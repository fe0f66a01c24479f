import type { Actor, Change } from "../../journal/change.ts";
import type { Schema } from "../../scim/schema/attribute.ts";
import { foldText } from "../../scim/fold.ts";
import type { Catalogue } from "./catalogue.ts";
import { BUILT_IN_TYPES } from "./catalogue.ts";
import { faultsOfType, objectionToSchema, userOfSchema } from "./check-catalogue.ts";
import type { CatalogueStore } from "./ports.ts";
import type { ResourceTypeDefinition } from "./resource-type-definition.ts";
import { schemaOf, type SchemaDefinition } from "./schema-definition.ts";

export interface CatalogueContext {
  readonly store: CatalogueStore;
  readonly actor: Actor;
  readonly requestId: string;
  readonly at: string;
}

type Invalid = { readonly kind: "invalid"; readonly faults: { path: string; message: string }[] };
type Conflict = { readonly kind: "conflict"; readonly detail: string };
type Unknown = { readonly kind: "unknown" };

const same = (a: string, b: string): boolean => foldText(a) === foldText(b);

const changeOf = (context: CatalogueContext, what: string, id: string): Change => ({
  requestId: context.requestId,
  at: context.at,
  actor: context.actor,
  operation: "settings",
  resourceType: what,
  resourceId: id,
  outcome: "applied",
  status: 200,
  scimType: null,
  reason: null,
  diff: [],
});

export const findSchemaIn = (catalogue: Catalogue, id: string): Schema | undefined =>
  catalogue.schemas.find((schema) => same(schema.id, id));

export const findTypeIn = (catalogue: Catalogue, name: string) =>
  catalogue.resourceTypes.find((type) => same(type.name, name));

/** Defines a schema, or defines it anew: resources that are there keep what they hold, and are read by the new one. */
export async function putSchema(
  context: CatalogueContext,
  id: string,
  definition: SchemaDefinition,
): Promise<{ kind: "put"; schema: Schema } | Invalid> {
  const objection = objectionToSchema(id);
  if (objection !== undefined) {
    return { kind: "invalid", faults: [{ path: "urn", message: objection }] };
  }
  if (definition.id !== undefined && !same(definition.id, id)) {
    return {
      kind: "invalid",
      faults: [{ path: "id", message: "Must be the URN of the address." }],
    };
  }
  const schema = schemaOf(id, definition);
  await context.store.putSchema(schema, changeOf(context, "Schema", id));
  return { kind: "put", schema };
}

/** Takes a schema away unless a resource type has it. What resources hold of it stays, as an unknown extension. */
export async function deleteSchema(
  context: CatalogueContext,
  id: string,
): Promise<{ kind: "deleted" } | Unknown | Conflict> {
  const catalogue = await context.store.load();
  if (!findSchemaIn(catalogue, id)) return { kind: "unknown" };
  const user = userOfSchema(catalogue, id);
  if (user !== undefined) {
    return {
      kind: "conflict",
      detail: `The resource type ${user} has this schema. Change that first.`,
    };
  }
  await context.store.deleteSchema(id, changeOf(context, "Schema", id));
  return { kind: "deleted" };
}

/** Defines a resource type of the tenant's own, or the extensions of User and Group. */
export async function putResourceType(
  context: CatalogueContext,
  given: string,
  definition: ResourceTypeDefinition,
): Promise<{ kind: "put"; name: string; definition: ResourceTypeDefinition } | Invalid> {
  const catalogue = await context.store.load();
  const known = [...BUILT_IN_TYPES, ...catalogue.resourceTypes].find((type) =>
    same(type.name, given),
  );
  const name = known?.name ?? given;
  const faults = faultsOfType(catalogue, name, definition);
  if (definition.name !== undefined && !same(definition.name, name)) {
    faults.push({ path: "name", message: "Must be the name of the address." });
  }
  if (faults.length > 0) return { kind: "invalid", faults };
  await context.store.putResourceType(name, definition, changeOf(context, "ResourceType", name));
  return { kind: "put", name, definition };
}

/** Takes a resource type away unless there are resources of it; User and Group get the RFC's own again. */
export async function deleteResourceType(
  context: CatalogueContext,
  given: string,
): Promise<{ kind: "deleted" } | Unknown | Conflict> {
  const known = findTypeIn(await context.store.load(), given);
  if (!known) return { kind: "unknown" };
  const change = changeOf(context, "ResourceType", known.name);
  const outcome = await context.store.deleteResourceType(known.name, change);
  return outcome === "written"
    ? { kind: "deleted" }
    : { kind: "conflict", detail: "There are resources of this type. Delete them first." };
}
