import { sql } from "drizzle-orm";
import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

// The tables of what tenants define themselves: schemas, resource types, and the resources of these types.

/** Schemas that a tenant defined itself (RFC 7643 §7). */
export const schemas = sqliteTable(
  "schemas",
  {
    tenantKey: integer("tenant_key").notNull(),
    /** The URI, folded. */
    idKey: text("id_key").notNull(),
    id: text("id").notNull(),
    definition: text("definition").notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantKey, table.idKey] })],
);

/** Resource types that a tenant defined itself, and its own extensions of User and Group (RFC 7643 §6). */
export const resourceTypes = sqliteTable(
  "resource_types",
  {
    tenantKey: integer("tenant_key").notNull(),
    nameKey: text("name_key").notNull(),
    name: text("name").notNull(),
    definition: text("definition").notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantKey, table.nameKey] })],
);

/** Resources of the tenants' own types. */
export const resources = sqliteTable(
  "resources",
  {
    tenantKey: integer("tenant_key").notNull(),
    type: text("type").notNull(),
    id: text("id").notNull(),
    resource: text("resource").notNull(),
    folded: text("folded"),
    externalId: text("external_id"),
    version: integer("version").notNull(),
    createdAt: text("created_at").notNull(),
    updatedAt: text("updated_at").notNull(),
  },
  (table) => [
    uniqueIndex("resources_id").on(table.tenantKey, table.type, table.id),
    index("resources_external_id")
      .on(table.tenantKey, table.type, table.externalId)
      .where(sql.raw("external_id IS NOT NULL")),
  ],
);

/** Values of attributes that a tenant's schema declares unique. WITHOUT ROWID. */
export const resourceKeys = sqliteTable(
  "resource_keys",
  {
    tenantKey: integer("tenant_key").notNull(),
    type: text("type").notNull(),
    attribute: text("attribute").notNull(),
    key: text("key").notNull(),
    resourceId: text("resource_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantKey, table.type, table.attribute, table.key] }),
    index("resource_keys_resource").on(table.tenantKey, table.resourceId),
  ],
);
