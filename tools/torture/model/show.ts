import { type Directory, type Group, groupsOf, isPerson, type Person } from "./directory.ts";
import {
  canonicalText,
  ENTERPRISE,
  type Json,
  scimDocument,
  USER_SCHEMA,
} from "./person-document.ts";

const GROUP_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group";

/** A person as SCIM shows them, times and URLs apart. */
export function showPerson(directory: Directory, person: Person): Json {
  const document = scimDocument(person.document);
  const groups = groupsOf(directory, person).map(({ id, displayName }) => ({
    value: id,
    display: displayName,
    type: "direct",
  }));
  return {
    schemas: [USER_SCHEMA, ...(ENTERPRISE in document ? [ENTERPRISE] : [])],
    id: person.id,
    ...document,
    ...(groups.length > 0 && { groups }),
    meta: { resourceType: "User", version: versionTag(person.version) },
  };
}

export const showGroup = ({ id, displayName, externalId, members, version }: Group): Json => ({
  schemas: [GROUP_SCHEMA],
  id,
  displayName,
  externalId,
  members: [...members.keys()].map((member) => ({
    value: member.id,
    type: isPerson(member) ? "User" : "Group",
  })),
  meta: { resourceType: "Group", version: versionTag(version) },
});

export const versionTag = (version: number): string => `W/"${version}"`;

/** What the server shows, without what only it can know: times and URLs. One text for all that says the same. */
export function comparable(resource: Json): string {
  const { meta, members = [], ...rest } = resource;
  const { resourceType, version } = (meta ?? {}) as Json;
  const isGroup = resourceType === "Group";
  return canonicalText(
    withoutUrls({ ...rest, ...(isGroup && { members }), meta: { resourceType, version } }),
  );
}

function withoutUrls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUrls);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => name !== "$ref");
  return Object.fromEntries(entries.map(([name, part]) => [name, withoutUrls(part)]));
}
