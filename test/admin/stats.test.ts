import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { rollUpTraffic } from "../../src/jobs/roll-up-traffic.ts";
import { trafficStore } from "../../src/storage/traffic/traffic-store.ts";
import { uuidV7 } from "../../src/tenancy/uuid-v7.ts";
import { callWorker } from "../call-worker.ts";
import { admin, mintTenant, ORIGIN, type MintedTenant } from "../mint-tenant.ts";
import { makeClient } from "../oauth-client.ts";
import { ENTERPRISE, patchOf, type Json } from "../scim-client.ts";
import { seedChanges } from "../seed-changes.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";

const HOUR_MS = 3_600_000;
const clock = { now: () => Date.now() };
const ids = uuidV7(clock, (count) => crypto.getRandomValues(new Uint8Array(count)));
const rollUp = () => rollUpTraffic({ stores: [trafficStore(env.DB)], clock, ids });

async function stats({ slug }: MintedTenant): Promise<Json> {
  const { status, body } = await admin("GET", `/tenants/${slug}/stats`);
  expect(status).toBe(200);
  return body;
}
async function traffic({ slug }: MintedTenant, query = ""): Promise<Json[]> {
  const { status, body } = await admin("GET", `/tenants/${slug}/traffic${query}`);
  expect(status).toBe(200);
  expect(body["nextCursor"]).toBeNull();
  return body["items"] as Json[];
}
const sumOf = (items: readonly Json[], name: string): number =>
  items.reduce((sum, item) => sum + Number(item[name]), 0);

const ISO = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

describe("GET /tenants/{slug}/stats", () => {
  it("shows an empty tenant whole", async () => {
    expect(await stats(await mintTenant())).toEqual({
      users: { total: 0, active: 0, inactive: 0, scim: 0, manual: 0 },
      groups: 0,
      departments: { total: 0, orphaned: 0 },
      invitations: { queued: 0, sent: 0, failed: 0, accepted: 0 },
      state: "waiting",
      lastRequestAt: null,
      lastWriteAt: null,
      idp: null,
      requests24h: 0,
      errors24h: 0,
    });
  });

  it("counts people, groups, departments, and what was asked for", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const ana = await tenant.scim.post("/Users", {
      userName: "ana@example.com",
      [ENTERPRISE]: { department: "Sales" },
    });
    await tenant.scim.post("/Users", { userName: "bo@example.com" });
    await tenant.scim.post("/Users", { userName: "bo@example.com" });
    await tenant.scim.patch(
      `/Users/${ana.id}`,
      patchOf({ op: "replace", path: "active", value: false }),
    );
    await tenant.scim.post("/Groups", { displayName: "Staff" });
    await admin("POST", `/tenants/${tenant.slug}/users`, { email: "cy@example.com" });
    expect(await stats(tenant)).toEqual({
      users: { total: 3, active: 2, inactive: 1, scim: 2, manual: 1 },
      groups: 1,
      departments: { total: 2, orphaned: 0 },
      invitations: { queued: 0, sent: 0, failed: 0, accepted: 0 },
      state: "provisioning",
      lastRequestAt: expect.stringMatching(ISO),
      lastWriteAt: expect.stringMatching(ISO),
      idp: null,
      requests24h: 5,
      errors24h: 1,
    });
  });

  it("shows departments as the settings let them count", async () => {
    const tenant = await mintTenant({ preset: "training" });
    await tenant.scim.post("/Groups", { displayName: "Staff" });
    expect(await stats(tenant)).toMatchObject({ departments: { total: 1 } });
    await tenant.change({ settings: { groups: "plain" } });
    expect(await stats(tenant)).toMatchObject({ departments: { total: 0 } });
  });

  it("counts invitations by their state", async () => {
    const tenant = await mintTenant({ settings: { invitations: "on-create" } });
    await tenant.scim.post("/Users", { userName: "ana@example.com" });
    await tenant.scim.post("/Users", { userName: "bo@example.com" });
    await env.DB.prepare(
      `UPDATE invitations SET state = 'sent' WHERE tenant_key = ?1
         AND user_id = (SELECT min(user_id) FROM invitations WHERE tenant_key = ?1)`,
    )
      .bind(tenant.key)
      .run();
    expect(await stats(tenant)).toMatchObject({
      invitations: { queued: 1, sent: 1, failed: 0, accepted: 0 },
    });
  });

  it("says who is calling, and when", async () => {
    const tenant = await mintTenant();
    await tenant.scim.get("/Users?filter=userName%20eq%20%22x%22", { "User-Agent": "Okta SCIM" });
    const known = await stats(tenant);
    expect(known).toMatchObject({ state: "connected", idp: "Okta", lastWriteAt: null });
    expect(known["lastRequestAt"]).toMatch(ISO);
  });

  it("counts nothing that an administrator does, and no key of this API as the identity provider", async () => {
    const tenant = await mintTenant();
    const path = `/tenants/${tenant.slug}`;
    const key = await admin("POST", `${path}/admin-keys`, { name: "Product", role: "reader" });
    const client = await makeClient(tenant.slug);
    await admin("POST", `${path}/setup-links`, {});
    await admin("POST", `${path}/tokens/${tenant.id}/rotate`, {});
    await admin("DELETE", `${path}/tokens/${tenant.id}`);
    await admin("DELETE", `${path}/clients/${client.clientId}`);
    await admin("POST", `${path}/users`, { email: "ana@example.com" });
    const asReader = { Authorization: `Bearer ${String(key.body["key"])}`, "User-Agent": "Okta" };
    const asked = new Request(`${ORIGIN}/api/v1/admin${path}/users`, { headers: asReader });
    expect((await callWorker()(asked)).status).toBe(200);
    const { results } = await env.DB.prepare(
      "SELECT last_used_at FROM credentials WHERE tenant_key = ? AND id = ?",
    )
      .bind(tenant.key, key.id)
      .all();
    expect(results).toEqual([{ last_used_at: expect.stringMatching(ISO) }]);
    const untouched = {
      state: "waiting",
      lastRequestAt: null,
      lastWriteAt: null,
      idp: null,
      requests24h: 0,
      errors24h: 0,
    };
    expect(await stats(tenant)).toMatchObject(untouched);
    expect(await traffic(tenant)).toEqual([]);
    await rollUp();
    expect(await stats(tenant)).toMatchObject(untouched);
    expect(await traffic(tenant)).toEqual([]);
  });

  it("counts the same before and after the roll-up, and nothing of the day before", async () => {
    const tenant = await mintTenant();
    const now = Date.now();
    await seedChanges(tenant.key, 20, { lastAt: now - 30 * HOUR_MS, refused: "n % 2 = 0" });
    await seedChanges(tenant.key, 60, { lastAt: now - 2 * HOUR_MS, refused: "n % 4 = 0" });
    const expected = { requests24h: 60, errors24h: 15, state: "healthy" };
    expect(await stats(tenant)).toMatchObject(expected);
    await rollUp();
    expect(await stats(tenant)).toMatchObject(expected);
    await seedChanges(tenant.key, 2, { lastAt: now - HOUR_MS, refused: "n = 1" });
    const after = await stats(tenant);
    expect(after).toMatchObject({ requests24h: 62, errors24h: 16 });
    expect(after["lastWriteAt"]).toBe(new Date(now - HOUR_MS).toISOString());
  });

  it("costs the same however long the journal is", async () => {
    const tenant = await mintTenant();
    await seedChanges(tenant.key, 12_000, { lastAt: Date.now() });
    await rollUp();
    let read = 0;
    const DB = interceptD1(env.DB, async ({ send }) => {
      const results = await send();
      for (const { meta } of results) read += meta.rows_read;
      return results;
    });
    await admin("GET", `/tenants/${tenant.slug}/stats`, undefined, callWorker({ DB }));
    expect(read).toBeLessThan(100);
  });

  it.each(["suspended", "paused"])("says that a tenant is %s", async (status) => {
    const tenant = await mintTenant();
    await tenant.change({ status });
    expect(await stats(tenant)).toMatchObject({ state: status });
  });

  it("knows no tenant that is not there", async () => {
    expect((await admin("GET", "/tenants/nobody/stats")).status).toBe(404);
    expect((await admin("GET", "/tenants/nobody/traffic")).status).toBe(404);
  });
});

describe("GET /tenants/{slug}/traffic", () => {
  it("is hourly and the same before and after the roll-up", async () => {
    const tenant = await mintTenant();
    const now = Date.now();
    await seedChanges(tenant.key, 180, { lastAt: now, refused: "n % 10 = 0" });
    const before = await traffic(tenant);
    expect(before.length).toBeGreaterThanOrEqual(3);
    for (const item of before) {
      expect(Object.keys(item).sort()).toEqual(["at", "refused", "writes"]);
      expect(item["at"]).toMatch(/:00:00\.000Z$/);
    }
    expect(before.map((item) => item["at"])).toEqual(before.map((item) => item["at"]).sort());
    expect([sumOf(before, "writes"), sumOf(before, "refused")]).toEqual([162, 18]);
    await rollUp();
    expect(await traffic(tenant)).toEqual(before);
    await seedChanges(tenant.key, 1, { lastAt: now });
    expect(sumOf(await traffic(tenant), "writes")).toBe(163);
  });

  it("goes back as many days as asked, 30 by default", async () => {
    const tenant = await mintTenant();
    const now = Date.now();
    for (const days of [40, 20, 3]) {
      await seedChanges(tenant.key, 1, { lastAt: now - days * 24 * HOUR_MS });
    }
    await rollUp();
    expect(await traffic(tenant)).toHaveLength(2);
    expect(await traffic(tenant, "?days=10")).toHaveLength(1);
    expect(await traffic(tenant, "?days=60")).toHaveLength(3);
  });

  it.each(["0", "-1", "1.5", "many", "100000"])("answers 422 to days=%s", async (days) => {
    const { slug } = await mintTenant();
    const answer = await admin("GET", `/tenants/${slug}/traffic?days=${days}`);
    expect(answer.status).toBe(422);
  });

  it("shows nothing of another tenant", async () => {
    const other = await mintTenant();
    await seedChanges(other.key, 5, { lastAt: Date.now() });
    await rollUp();
    expect(await traffic(await mintTenant())).toEqual([]);
  });
});
