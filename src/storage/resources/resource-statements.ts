import { sql, type SQL } from "drizzle-orm";

import type { ResourceDraft, Write } from "../../directory/ports.ts";
import type { JsonObject } from "../../scim/json.ts";
import { foldDocument } from "../filter/fold-document.ts";
import { sameVersion } from "../d1/same-version.ts";
import { resourceKeys, resources } from "../catalogue-tables.ts";

const externalIdOf = ({ externalId }: JsonObject): string | null =>
  typeof externalId === "string" ? externalId : null;

export function insertResource(
  tenantKey: number,
  { type, id, document }: ResourceDraft,
  at: string,
): SQL[] {
  return [
    sql`INSERT INTO ${resources} (tenant_key, type, id, resource, folded, external_id, version, created_at,
        updated_at)
      VALUES (${tenantKey}, ${type}, ${id}, ${JSON.stringify(document)}, ${foldDocument(document)},
        ${externalIdOf(document)}, 1, ${at}, ${at})`,
  ];
}

export function updateResource(
  tenantKey: number,
  { version, resource }: Extract<Write, { kind: "update-resource" }>,
  at: string,
): SQL[] {
  const { type, id, document } = resource;
  return sameVersion(
    sql`UPDATE ${resources} SET resource = ${JSON.stringify(document)}, folded = ${foldDocument(document)},
        external_id = ${externalIdOf(document)}, version = version + 1, updated_at = max(updated_at, ${at})
      WHERE tenant_key = ${tenantKey} AND type = ${type} AND id = ${id} AND version = ${version}`,
  );
}

export function deleteResource(
  tenantKey: number,
  { version, resourceType, id }: Extract<Write, { kind: "delete-resource" }>,
): SQL[] {
  return sameVersion(
    sql`DELETE FROM ${resources} WHERE tenant_key = ${tenantKey} AND type = ${resourceType} AND id = ${id}
      AND version = ${version}`,
  );
}

/** Gives up and takes unique values. Those given up go first: a resource may swap two of its own. */
export function changeKeys(
  tenantKey: number,
  { resourceType, id, removed, added }: Extract<Write, { kind: "change-keys" }>,
): SQL[] {
  const ofType = sql`tenant_key = ${tenantKey} AND type = ${resourceType}`;
  return [
    ...removed.map(
      ({ attribute, key }) => sql`DELETE FROM ${resourceKeys}
        WHERE ${ofType} AND attribute = ${attribute} AND key = ${key} AND resource_id = ${id}`,
    ),
    ...added.map(
      ({
        attribute,
        key,
      }) => sql`INSERT INTO ${resourceKeys} (tenant_key, type, attribute, key, resource_id)
        VALUES (${tenantKey}, ${resourceType}, ${attribute}, ${key}, ${id})`,
    ),
  ];
}
