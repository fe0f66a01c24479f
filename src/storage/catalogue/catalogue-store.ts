import { sql, type SQL } from "drizzle-orm";

import type { CatalogueStore } from "../../directory/catalogue/ports.ts";
import type { ResourceTypeDefinition } from "../../directory/catalogue/resource-type-definition.ts";
import type { Change } from "../../journal/change.ts";
import { foldText } from "../../scim/fold.ts";
import type { Schema } from "../../scim/schema/attribute.ts";
import type { LiveTenant } from "../../tenancy/tenant.ts";
import { insertChange, selectChangeOf } from "../journal/change-statement.ts";
import { rowsOf } from "../d1/prepare.ts";
import { resourceTypes, resources, schemas } from "../catalogue-tables.ts";
import { guards, tenantStates } from "../tables.ts";
import { tenantDatabase } from "../d1/tenant-database.ts";

/** The guarantee of the cast: only this store writes the column, from a value of the type. */
const parseSchema = (text: string): Schema => JSON.parse(text) as Schema;
const parseType = (text: string): ResourceTypeDefinition =>
  JSON.parse(text) as ResourceTypeDefinition;

/** Schemas and resource types of one tenant. Every change raises the epoch, so that no request misses it. */
export function catalogueStore(d1: D1Database, tenant: LiveTenant): CatalogueStore {
  const database = tenantDatabase(d1, tenant);
  const { key } = database;
  const raise = sql`UPDATE ${tenantStates} SET epoch = epoch + 1, catalogue_version = catalogue_version + 1
    WHERE tenant_key = ${key}`;

  async function write(statements: readonly SQL[], change: Change): Promise<"written" | "in-use"> {
    const all = [...statements, insertChange(key, change), raise];
    const outcome = await database.write(all, selectChangeOf(key, change));
    return outcome.kind === "written" ? "written" : "in-use";
  }

  return {
    async load() {
      const [ownSchemas, ownTypes] = await database.read([
        sql`SELECT definition FROM ${schemas} WHERE tenant_key = ${key} ORDER BY id_key`,
        sql`SELECT name, definition FROM ${resourceTypes} WHERE tenant_key = ${key} ORDER BY name_key`,
      ]);
      return {
        schemas: rowsOf<{ definition: string }>(ownSchemas).map((row) =>
          parseSchema(row.definition),
        ),
        resourceTypes: rowsOf<{ name: string; definition: string }>(ownTypes).map((row) => ({
          name: row.name,
          definition: parseType(row.definition),
        })),
      };
    },

    async putSchema(schema, change) {
      const definition = JSON.stringify(schema);
      await write(
        [
          sql`INSERT INTO ${schemas} (tenant_key, id_key, id, definition)
            VALUES (${key}, ${foldText(schema.id)}, ${schema.id}, ${definition})
            ON CONFLICT DO UPDATE SET id = excluded.id, definition = excluded.definition`,
        ],
        change,
      );
    },

    async deleteSchema(id, change) {
      await write(
        [sql`DELETE FROM ${schemas} WHERE tenant_key = ${key} AND id_key = ${foldText(id)}`],
        change,
      );
    },

    async putResourceType(name, definition, change) {
      await write(
        [
          sql`INSERT INTO ${resourceTypes} (tenant_key, name_key, name, definition)
            VALUES (${key}, ${foldText(name)}, ${name}, ${JSON.stringify(definition)})
            ON CONFLICT DO UPDATE SET definition = excluded.definition`,
        ],
        change,
      );
    },

    deleteResourceType: (name, change) =>
      write(
        [
          sql`INSERT INTO ${guards} (unused) SELECT 0 WHERE EXISTS (
            SELECT 1 FROM ${resources} WHERE tenant_key = ${key} AND type = ${name})`,
          sql`DELETE FROM ${resourceTypes} WHERE tenant_key = ${key} AND name_key = ${foldText(name)}`,
        ],
        change,
      ),
  };
}
