import type { ResourceType } from "../scim/schema/attribute.ts";
import { GROUP } from "../scim/schema/resource-types.ts";
import type { Settings } from "../tenancy/settings.ts";

/** The resource types that a tenant serves, of those it has: no Group where its groups are off. */
export const resourceTypesOf = (
  types: readonly ResourceType[],
  settings: Settings,
): readonly ResourceType[] =>
  settings.groups === "off" ? types.filter(({ name }) => name !== GROUP.name) : types;
