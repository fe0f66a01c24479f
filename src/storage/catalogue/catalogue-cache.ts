import { BUILT_IN_TYPES, compileCatalogue } from "../../directory/catalogue/catalogue.ts";
import type { ResourceType } from "../../scim/schema/attribute.ts";
import type { LiveTenant } from "../../tenancy/tenant.ts";
import { catalogueStore } from "./catalogue-store.ts";

const MAX_TENANTS = 100;

/** Compiled catalogues by tenant and version: a version never changes, so that no entry is ever wrong. */
export type CompiledCatalogues = Map<string, readonly ResourceType[]>;

/** The resource types of a tenant; no I/O for the many that defined none of their own. */
export async function resourceTypesFor(
  d1: D1Database,
  tenant: LiveTenant,
  compiled: CompiledCatalogues,
): Promise<readonly ResourceType[]> {
  if (tenant.catalogueVersion === 0) return BUILT_IN_TYPES;
  const key = `${tenant.id} ${tenant.catalogueVersion}`;
  const known = compiled.get(key);
  if (known) return known;
  const types = compileCatalogue(await catalogueStore(d1, tenant).load());
  const oldest = compiled.size >= MAX_TENANTS ? compiled.keys().next().value : undefined;
  if (oldest !== undefined) compiled.delete(oldest);
  compiled.set(key, types);
  return types;
}
