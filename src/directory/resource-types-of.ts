import type { ResourceType } from "../scim/schema/attribute.ts";
import { GROUP, USER } from "../scim/schema/resource-types.ts";
import type { Settings } from "../tenancy/settings.ts";

/** The resource types that a tenant has: no Group where its groups are off. */
export const resourceTypesOf = (settings: Settings): readonly ResourceType[] =>
  settings.groups === "off" ? [USER] : [USER, GROUP];
