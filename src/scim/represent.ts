import { etagOf } from "./etag.ts";
import type { JsonObject } from "./json.ts";
import type { ResourceType } from "./schema/attribute.ts";
import { GROUP, USER } from "./schema/resource-types.ts";

export interface Member {
  readonly value: string;
  readonly type: "User" | "Group";
  readonly display?: string;
}

/** A stored resource. `groups` and `members` are there when the answer needs them (see `wants`). */
export interface ResourceRecord {
  readonly id: string;
  /** As `readResource` made it. */
  readonly document: JsonObject;
  readonly version: number;
  /** UTC, ISO 8601 with milliseconds and `Z`. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly groups?: readonly { readonly value: string; readonly display: string }[];
  readonly members?: readonly Member[];
}

/**
 * The whole representation of a resource, before projection: what was given, and what the server knows (RFC 7643
 * §3.1). `schemas` names the core schema and every extension that the document holds, nothing else. Nothing that
 * was given is changed and no value is invented, because Entra writes again what it does not read back.
 * `baseUrl` has no slash at its end.
 */
export function represent(record: ResourceRecord, type: ResourceType, baseUrl: string): JsonObject {
  const { id, document, version, groups, members } = record;
  const extensions = Object.keys(document).filter((name) => name.includes(":"));
  return {
    schemas: [type.schema.id, ...extensions],
    id,
    ...document,
    ...(groups && { groups: groups.map((group) => representGroup(group, baseUrl)) }),
    ...(members && { members: members.map((member) => representMember(member, baseUrl)) }),
    meta: {
      resourceType: type.name,
      created: record.createdAt,
      lastModified: record.updatedAt,
      location: locationOf(type, id, baseUrl),
      version: etagOf(version),
    },
  };
}

/** The absolute URL of a resource: `meta.location`, the `Location` header, and every `$ref`. */
export function locationOf(type: ResourceType, id: string, baseUrl: string): string {
  return `${baseUrl}${type.endpoint}/${encodeURIComponent(id)}`;
}

/** `direct` always: membership through a nested group is not computed. */
function representGroup(group: { value: string; display: string }, baseUrl: string): JsonObject {
  return {
    value: group.value,
    $ref: locationOf(GROUP, group.value, baseUrl),
    display: group.display,
    type: "direct",
  };
}

function representMember({ value, type, display }: Member, baseUrl: string): JsonObject {
  const $ref = locationOf(type === "User" ? USER : GROUP, value, baseUrl);
  return { value, $ref, type, ...(display !== undefined && { display }) };
}
