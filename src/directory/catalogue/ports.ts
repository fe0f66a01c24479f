import type { Change } from "../../journal/change.ts";
import type { Schema } from "../../scim/schema/attribute.ts";
import type { Catalogue } from "./catalogue.ts";
import type { ResourceTypeDefinition } from "./resource-type-definition.ts";

/**
 * The schemas and resource types of one tenant. Every write is recorded, raises the epoch, and throws
 * `TenantFenced` when the tenant has changed since the store was made.
 */
export interface CatalogueStore {
  load(): Promise<Catalogue>;
  putSchema(schema: Schema, change: Change): Promise<void>;
  deleteSchema(id: string, change: Change): Promise<void>;
  putResourceType(name: string, definition: ResourceTypeDefinition, change: Change): Promise<void>;
  /** `in-use`: there are resources of the type; nothing was deleted. */
  deleteResourceType(name: string, change: Change): Promise<"written" | "in-use">;
}
