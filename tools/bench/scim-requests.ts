import type { BenchRequest } from "./open-client.ts";

const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

export const get = (path: string): BenchRequest => ({ method: "GET", path });
export const post = (path: string, body: unknown): BenchRequest => ({ method: "POST", path, body });
export const put = (path: string, body: unknown): BenchRequest => ({ method: "PUT", path, body });
export const remove = (path: string): BenchRequest => ({ method: "DELETE", path });

export function patch(path: string, ...operations: readonly object[]): BenchRequest {
  return { method: "PATCH", path, body: { schemas: [PATCH_OP], Operations: operations } };
}

export const replace = (path: string, value: unknown) => ({ op: "Replace", path, value });

export function find(path: string, filter: string, query = ""): BenchRequest {
  return get(`${path}?filter=${encodeURIComponent(filter)}${query}`);
}

export function join(group: string, person: string): BenchRequest {
  return patch(`/Groups/${group}`, { op: "Add", path: "members", value: [{ value: person }] });
}

export function leave(group: string, person: string): BenchRequest {
  return patch(`/Groups/${group}`, { op: "Remove", path: "members", value: [{ value: person }] });
}

/** A whole group, as a PUT sends it. */
export function groupOf(displayName: string, members: readonly string[]): unknown {
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    displayName,
    members: members.map((value) => ({ value })),
  };
}
