import type { DirectoryContext } from "../../directory/context.ts";
import { notFound } from "../../scim/error.ts";
import type { ResourceType } from "../../scim/schema/attribute.ts";
import { GROUP, USER } from "../../scim/schema/resource-types.ts";
import { CUSTOM_ENDPOINT } from "./custom-endpoint.ts";
import { GROUP_ENDPOINT } from "./group-endpoint.ts";
import type { ResourceEndpoint } from "./resource-endpoint.ts";
import { USER_ENDPOINT } from "./user-endpoint.ts";

const ENDPOINTS = new Map([
  [USER.name, USER_ENDPOINT],
  [GROUP.name, GROUP_ENDPOINT],
]);

export interface ResourceTarget {
  readonly type: ResourceType;
  readonly endpoint: ResourceEndpoint;
}

/**
 * The resource type that a segment of the path names, and its verbs. Where groups are off, Group is not among
 * the tenant's types and yet has an endpoint: it answers an empty list to the probes of IdPs, and a refusal that
 * says what to switch off to writes.
 */
export function resourceTarget(directory: DirectoryContext, segment: string): ResourceTarget {
  const type = typeAt(directory, segment);
  if (!type) throw notFound("Resource type");
  return { type, endpoint: ENDPOINTS.get(type.name) ?? CUSTOM_ENDPOINT };
}

/**
 * Whether a segment of the path leads to the endpoint. The one comparison for types, permissions and limits: were
 * they to differ, `%67roups`, which is decoded behind `normalizePath`, would lead to groups without their permission.
 */
const leadsTo = (segment: string, { endpoint }: ResourceType): boolean =>
  endpoint.toLowerCase() === `/${segment}`.toLowerCase();

/** The same without the verbs; undefined for a segment that names nothing. */
export const typeAt = (directory: DirectoryContext, segment: string): ResourceType | undefined =>
  [...directory.types, GROUP].find((type) => leadsTo(segment, type));

/** Groups have permissions of their own; everything else goes with people. */
export const scopeOf = (segment: string): "users" | "groups" =>
  leadsTo(segment, GROUP) ? "groups" : "users";

/** A PUT of a group brings up to 100,000 members. */
export const maxMebibytesOf = (segment: string): number => (leadsTo(segment, GROUP) ? 16 : 1);
