import { notFound } from "../../scim/error.ts";
import type { ResourceType } from "../../scim/schema/attribute.ts";
import type { DirectoryContext } from "../context.ts";
import type { ResourcePage, ResourceQuery } from "../ports.ts";
import type { ResourceRecord } from "../../scim/represent.ts";

/** One resource of the tenant's own type. 404 when there is none. */
export async function readResource(
  context: DirectoryContext,
  type: ResourceType,
  id: string,
): Promise<ResourceRecord> {
  const found = await context.store.resource(type.name, id);
  if (!found) throw notFound(type.name);
  return found;
}

export const listResources = (
  context: DirectoryContext,
  type: ResourceType,
  query: Omit<ResourceQuery, "visible">,
): Promise<ResourcePage<ResourceRecord>> =>
  context.store.resources(type, { ...query, visible: "all" });
