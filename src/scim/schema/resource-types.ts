import type { ResourceType } from "./attribute.ts";
import { ENTERPRISE_USER_SCHEMA } from "./enterprise-user.ts";
import { GROUP_SCHEMA } from "./group.ts";
import { USER_SCHEMA } from "./user.ts";

/** RFC 7643 §4.1 with the extension of §4.3. */
export const USER: ResourceType = {
  name: "User",
  endpoint: "/Users",
  description: "People's accounts.",
  schema: USER_SCHEMA,
  schemaExtensions: [{ schema: ENTERPRISE_USER_SCHEMA, required: false }],
};

/** RFC 7643 §4.2. */
export const GROUP: ResourceType = {
  name: "Group",
  endpoint: "/Groups",
  description: "Groups of people and of other groups.",
  schema: GROUP_SCHEMA,
  schemaExtensions: [],
};
