import { beforeAll, describe, expect, it } from "vitest";

import type { Scope } from "../../src/tenancy/scopes.ts";
import { callWorker } from "../call-worker.ts";
import { issueToken, mintTenant, ORIGIN, type MintedTenant } from "../mint-tenant.ts";
import { filterOf, patchOf, type Answer, type Json, type ScimClient } from "../scim-client.ts";
import { tenantRows } from "../tenant-rows.ts";

/** Ways to write a segment that lead to the same resource type, or nowhere. */
const spellingsOf = (name: string): string[] => {
  const encoded = (letter: string) => `%${letter.charCodeAt(0).toString(16)}`;
  const [first = "", ...rest] = name;
  return [
    name,
    name.toLowerCase(),
    name.toUpperCase(),
    `${encoded(first)}${rest.join("")}`,
    `${encoded(first.toLowerCase())}${rest.join("")}`,
    `${name.slice(0, -1)}${encoded(name.slice(-1).toUpperCase())}`,
    name.replaceAll(/./g, encoded),
    name.toLowerCase().replaceAll(/./g, encoded),
    name.toUpperCase().replaceAll(/./g, encoded),
    `/${name.toLowerCase()}`,
    `./${name.toLowerCase()}`,
    `%2e/${encoded(first.toLowerCase())}${rest.join("")}`,
  ];
};

const BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

let tenant: MintedTenant;
let ana: string;
let staff: string;
beforeAll(async () => {
  tenant = await mintTenant();
  ana = (await tenant.scim.post("/Users", { userName: "ana" })).id;
  staff = (await tenant.scim.post("/Groups", { displayName: "Staff" })).id;
});

async function withScopes(...scopes: readonly Scope[]): Promise<ScimClient[]> {
  const { token } = await issueToken(tenant.slug, { scopes });
  const own = `${ORIGIN}/api/v1/tenants/${tenant.slug}/scim/v2`;
  return [{ token }, { token, base: own }].map((as) => tenant.through(callWorker(), as));
}

const bulkOf = (...operations: readonly Json[]) => ({ schemas: [BULK], Operations: operations });
const statusesOf = (answer: Answer): unknown[] =>
  ((answer.body["Operations"] ?? []) as Json[]).map(({ status }) => status);

describe("a permission", { timeout: 30_000 }, () => {
  it.each([
    ["groups", "Groups", ["users:read", "users:write"]],
    ["users", "Users", ["groups:read", "groups:write"]],
  ] as const)(
    "for %s is asked for however the path is spelled",
    { timeout: 30_000 },
    async (_of, name, scopes) => {
      const clients = await withScopes(...scopes);
      const before = await tenantRows(tenant.key);
      const id = name === "Groups" ? staff : ana;
      for (const scim of clients) {
        for (const segment of spellingsOf(name)) {
          const requests: [string, string, Json?][] = [
            ["GET", `/${segment}`],
            ["HEAD", `/${segment}`],
            ["POST", `/${segment}`, { userName: "eve", displayName: "eve" }],
            ["POST", `/${segment}/.search`, { filter: "id pr" }],
            ["GET", `/${segment}/${id}`],
            ["PUT", `/${segment}/${id}`, { userName: "eve", displayName: "eve" }],
            ["PATCH", `/${segment}/${id}`, patchOf({ op: "add", path: "externalId", value: "e" })],
            ["DELETE", `/${segment}/${id}`],
          ];
          for (const [method, path, body] of requests) {
            const { status } = await scim.send(method, path, body);
            expect([method, path, status]).toEqual([method, path, expect.toBeOneOf([403, 404])]);
          }
        }
      }
      expect(await tenantRows(tenant.key)).toEqual(before);
    },
  );

  it("is asked for by each operation of Bulk", async () => {
    const withoutGroups = await withScopes("users:read", "groups:read", "users:write");
    const withoutUsers = await withScopes("users:read", "groups:read", "groups:write");
    const before = await tenantRows(tenant.key);
    const change = (path: string): Json[] => [
      { method: "POST", path, bulkId: "a", data: { userName: "eve", displayName: "eve" } },
      { method: "PUT", path: `${path}/${ana}`, data: { userName: "eve", displayName: "eve" } },
      { method: "PATCH", path: `${path}/${staff}`, data: patchOf() },
      { method: "DELETE", path: `${path}/${staff}` },
    ];
    for (const scim of withoutGroups) {
      for (const path of ["/Groups", "/groups"]) {
        const answer = await scim.post("/Bulk", bulkOf(...change(path)));
        expect([path, statusesOf(answer)]).toEqual([path, ["403", "403", "403", "403"]]);
      }
    }
    for (const scim of withoutUsers) {
      const answer = await scim.post("/Bulk", bulkOf(...change("/Users")));
      expect(statusesOf(answer)).toEqual(["403", "403", "403", "403"]);
    }
    expect(await tenantRows(tenant.key)).toEqual(before);
  });

  it("is asked for by a search from the root", async () => {
    for (const scim of await withScopes("users:read")) {
      const found = await scim.post("/.search", { filter: "id pr" });
      expect(found.resources.map(({ id }) => id)).toEqual([ana]);
    }
    for (const scim of await withScopes("groups:read")) {
      const found = await scim.post("/.search", { filter: "id pr" });
      expect(found.resources.map(({ id }) => id)).toEqual([staff]);
    }
    for (const scim of await withScopes("users:write", "groups:write")) {
      expect((await scim.post("/.search", { filter: "id pr" })).status).toBe(403);
      expect((await scim.get(`/Users?${filterOf("id pr")}`)).status).toBe(403);
    }
  });
});
