import { expect, it } from "vitest";

import { listResponse } from "../../src/scim/list/list-response.ts";
import { represent } from "../../src/scim/represent.ts";
import { GROUP, USER } from "../../src/scim/schema/resource-types.ts";

const BASE = "https://scim.example.com/api/v1/scim/v2";
const TIMES = { createdAt: "2026-01-31T08:00:00.000Z", updatedAt: "2026-02-01T08:00:00.000Z" };

it("represents a user with the schemas of its extensions, its groups and its metadata", () => {
  const document = {
    userName: "ana",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { manager: { value: "m1" } },
    "urn:example:Badge": { no: 7 },
  };
  const record = {
    id: "u1",
    document,
    version: 3,
    ...TIMES,
    groups: [{ value: "g1", display: "Retail" }],
  };
  const user = represent(record, USER, BASE);
  expect(user).toStrictEqual({
    schemas: [
      "urn:ietf:params:scim:schemas:core:2.0:User",
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
      "urn:example:Badge",
    ],
    id: "u1",
    ...document,
    groups: [{ value: "g1", $ref: `${BASE}/Groups/g1`, display: "Retail", type: "direct" }],
    meta: {
      resourceType: "User",
      created: TIMES.createdAt,
      lastModified: TIMES.updatedAt,
      location: `${BASE}/Users/u1`,
      version: 'W/"3"',
    },
  });
  expect(Object.keys(user)[0]).toBe("schemas");
});

it("represents a group with its members", () => {
  const members = [
    { value: "u1", type: "User" as const, display: "Ana" },
    { value: "g2", type: "Group" as const },
  ];
  const group = represent(
    { id: "g1", document: { displayName: "Retail" }, version: 1, ...TIMES, members },
    GROUP,
    BASE,
  );
  expect(group["members"]).toStrictEqual([
    { value: "u1", $ref: `${BASE}/Users/u1`, type: "User", display: "Ana" },
    { value: "g2", $ref: `${BASE}/Groups/g2`, type: "Group" },
  ]);
});

it("says nothing about members and groups that were not read, and tells them from none", () => {
  const record = { id: "g1", document: { displayName: "Retail" }, version: 1, ...TIMES };
  expect(represent(record, GROUP, BASE)).not.toHaveProperty("members");
  expect(represent({ ...record, members: [] }, GROUP, BASE)).toHaveProperty("members", []);
});

it("counts the resources of the page in a list", () => {
  expect(listResponse({ resources: [{ id: "1" }], totalResults: 7, startIndex: 6 })).toStrictEqual({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    totalResults: 7,
    startIndex: 6,
    itemsPerPage: 1,
    Resources: [{ id: "1" }],
  });
  expect(listResponse({ resources: [], totalResults: 0, startIndex: 1 })).toHaveProperty(
    "Resources",
    [],
  );
});

it("gives a cursor in place of a start, and none on the last page", () => {
  const page = { resources: [{ id: "1" }], totalResults: 7 };
  expect(listResponse({ ...page, nextCursor: "n" })).toStrictEqual({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    totalResults: 7,
    nextCursor: "n",
    itemsPerPage: 1,
    Resources: [{ id: "1" }],
  });
  const last = listResponse({ ...page, nextCursor: undefined, previousCursor: "p" });
  expect(last).not.toHaveProperty("nextCursor");
  expect(last).toHaveProperty("previousCursor", "p");
});
