import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { callWorker } from "../call-worker.ts";
import { admin, issueToken, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { patchOf, type Answer, type Json } from "../scim-client.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";
import { rowsIn } from "../tenant-rows.ts";

const refusalsOf = async (tenant: MintedTenant, query = ""): Promise<Json[]> => {
  const path = `/tenants/${tenant.slug}/changes?outcome=refused&order=asc${query}`;
  const { status, body } = await admin("GET", path);
  expect(status).toBe(200);
  return body["items"] as Json[];
};

const bulkOf = (...operations: Json[]): Json => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
  Operations: operations,
});

const ana = { userName: "Ana@example.com", externalId: "E-1", password: "canary", title: "canary" };
const NAMES_OF_ANA = [
  { attribute: "userName", after: "Ana@example.com" },
  { attribute: "externalId", after: "E-1" },
];

const creates: [string, Json, (tenant: MintedTenant) => Promise<Answer>, number, Json[]][] = [
  [
    "whose userName is taken",
    {},
    async ({ scim }) => {
      await scim.post("/Users", { userName: "ana@example.com" });
      return scim.post("/Users", ana);
    },
    409,
    NAMES_OF_ANA,
  ],
  [
    "who is excluded",
    { excludedEmails: ["ana@example.com"] },
    ({ scim }) => scim.post("/Users", ana),
    403,
    NAMES_OF_ANA,
  ],
  [
    "of whom a value is wrong",
    {},
    ({ scim }) => scim.post("/Users", { ...ana, active: "canary" }),
    400,
    NAMES_OF_ANA,
  ],
  [
    "who has no userName",
    {},
    ({ scim }) => scim.post("/Users", { externalId: "E-1", title: "canary" }),
    400,
    [{ attribute: "externalId", after: "E-1" }],
  ],
  [
    "who is too large",
    {},
    ({ scim }) => scim.post("/Users", { ...ana, title: "canary".repeat(50_000) }),
    413,
    NAMES_OF_ANA,
  ],
  [
    "in a Bulk request",
    {},
    async ({ scim }) => {
      await scim.post("/Users", { userName: "ana@example.com" });
      const call = { method: "POST", path: "/Users", bulkId: "a", data: ana };
      const answer = await scim.post("/Bulk", bulkOf(call));
      const [result] = answer.body["Operations"] as Json[];
      return { ...answer, status: Number(result?.["status"]) };
    },
    409,
    NAMES_OF_ANA,
  ],
  [
    "that is a group, where groups are off",
    { groups: "off" },
    ({ scim }) =>
      scim.post("/Groups", { displayName: "Staff", externalId: "G-1", members: ["canary"] }),
    403,
    [
      { attribute: "displayName", after: "Staff" },
      { attribute: "externalId", after: "G-1" },
    ],
  ],
  [
    "that is no JSON",
    {},
    ({ scim }) => scim.send("POST", "/Users", '{"userName":"canary"'),
    400,
    [],
  ],
  [
    "that is a list",
    {},
    ({ scim }) => scim.send("POST", "/Users", '[{"userName":"canary"}]'),
    400,
    [],
  ],
  [
    "of another media type",
    {},
    ({ scim }) => scim.post("/Users", { userName: "canary" }, { "Content-Type": "text/plain" }),
    415,
    [],
  ],
];

describe("a refused create", () => {
  it.each(creates)("%s leaves whom it was about", async (_what, settings, send, status, names) => {
    const tenant = await mintTenant({ settings });
    expect((await send(tenant)).status).toBe(status);
    const refusals = await refusalsOf(tenant);
    expect(refusals).toMatchObject([
      { operation: "create", resourceId: null, status, diff: names },
    ]);
    expect(JSON.stringify(await rowsIn("changes", tenant.key))).not.toContain("canary");
  });

  it("is found by a part of the name, in any letters, and by the externalId", async () => {
    const tenant = await mintTenant({ settings: { excludedEmails: ["ana@example.com"] } });
    await tenant.scim.post("/Users", ana);
    await tenant.scim.post("/Users", { userName: "" });
    for (const text of ["ana@", "ANA@EXAMPLE", "e-1"]) {
      const found = await refusalsOf(tenant, `&q=${encodeURIComponent(text)}`);
      expect(found).toMatchObject([{ diff: NAMES_OF_ANA }]);
    }
    expect(await refusalsOf(tenant, "&q=bea@")).toEqual([]);
  });

  it("has a row of its own for each operation of a Bulk request", async () => {
    const tenant = await mintTenant();
    const post = (userName: string) => ({
      method: "POST",
      path: "/Users",
      bulkId: userName,
      data: { userName },
    });
    await tenant.scim.post("/Bulk", bulkOf(post("ana"), post("ANA"), post("Ana")));
    const refusals = await refusalsOf(tenant);
    expect(refusals.map(({ diff }) => diff)).toEqual([
      [{ attribute: "userName", after: "ANA" }],
      [{ attribute: "userName", after: "Ana" }],
    ]);
    expect(new Set(refusals.map(({ requestId }) => requestId)).size).toBe(2);
  });

  it("costs the same whoever it names", async () => {
    const tenant = await mintTenant();
    let written: number[] = [];
    const DB = interceptD1(env.DB, async ({ send }) => {
      const results = await send();
      written.push(...results.map(({ meta }) => meta.rows_written).filter((rows) => rows > 0));
      return results;
    });
    const scim = tenant.through(callWorker({ DB }));
    await scim.get("/Users?count=1");
    const costOf = async (body: Json) => {
      written = [];
      expect((await scim.post("/Users", body)).status).toBe(400);
      return written;
    };
    const unnamed = await costOf({ title: "x" });
    // The row, and its entries in the index of ids and in that of refusals.
    expect(unnamed).toEqual([3]);
    const long = { userName: "a".repeat(1_000), externalId: "b".repeat(1_000), active: "x" };
    expect(await costOf(long)).toEqual(unnamed);
  });
});

describe("a refusal that has an id, or is everybody's,", () => {
  it("leaves nobody's name", async () => {
    const tenant = await mintTenant();
    const { scim } = tenant;
    const { id } = await scim.post("/Users", { userName: "bea" });
    await scim.put(`/Users/${id}`, { ...ana, active: "canary" });
    await scim.patch(`/Users/${id}`, patchOf({ op: "replace", value: { userName: {} } }));
    await scim.delete("/Users/nobody");
    const { token } = await issueToken(tenant.slug, { scopes: ["groups:write"] });
    await tenant.through(callWorker(), { token }).post("/Users", ana);
    await tenant.change({ status: "suspended" });
    await scim.post("/Users", ana);
    const refusals = await refusalsOf(tenant);
    expect(refusals.map(({ resourceId, diff }) => [resourceId, diff])).toEqual([
      [id, []],
      [id, []],
      ["nobody", []],
      [null, []],
      [null, []],
    ]);
  });
});
