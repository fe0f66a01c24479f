import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import type { TrafficStore } from "../../src/directory/traffic/ports.ts";
import { rollUpTraffic } from "../../src/jobs/roll-up-traffic.ts";
import { trafficStore } from "../../src/storage/traffic/traffic-store.ts";
import { uuidV7 } from "../../src/tenancy/uuid-v7.ts";
import { admin, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import type { Json } from "../scim-client.ts";
import { seedChanges } from "../seed-changes.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";

const HOUR_MS = 3_600_000;
const clock = { now: () => Date.now() };
const ids = uuidV7(clock, (count) => crypto.getRandomValues(new Uint8Array(count)));
const rollUp = (store: TrafficStore = trafficStore(env.DB)) =>
  rollUpTraffic({ stores: [store], clock, ids });

const hourOf = (time: number): string =>
  new Date(Math.floor(time / HOUR_MS) * HOUR_MS).toISOString();

async function hours({ key }: MintedTenant): Promise<Json[]> {
  const { results } = await env.DB.prepare(
    "SELECT hour, writes, refused FROM traffic WHERE tenant_key = ? ORDER BY hour",
  )
    .bind(key)
    .all<Json>();
  return results;
}
const cursorOf = ({ key }: MintedTenant) =>
  env.DB.prepare("SELECT seq FROM traffic_cursors WHERE tenant_key = ?").bind(key).first("seq");

/** The beginning of an hour of the day before, so that no test runs through its end. */
const HOUR = Math.floor(Date.now() / HOUR_MS - 24) * HOUR_MS;

describe("the roll-up of traffic", () => {
  it("counts what was applied and refused, hour by hour", async () => {
    const tenant = await mintTenant();
    // 90 rows a minute apart, the last in the last minute of the second hour.
    await seedChanges(tenant.key, 90, {
      lastAt: HOUR + 2 * HOUR_MS - 60_000,
      refused: "n % 10 = 0",
    });
    await rollUp();
    expect(await hours(tenant)).toEqual([
      { hour: hourOf(HOUR), writes: 27, refused: 3 },
      { hour: hourOf(HOUR + HOUR_MS), writes: 54, refused: 6 },
    ]);
    expect(await cursorOf(tenant)).toBe(90);
  });

  it("counts every row once, whatever comes in between", async () => {
    const tenant = await mintTenant();
    await seedChanges(tenant.key, 10, { lastAt: HOUR + 30 * 60_000 });
    await rollUp();
    await rollUp();
    await seedChanges(tenant.key, 5, { lastAt: HOUR + 40 * 60_000 });
    await Promise.all([rollUp(), rollUp(), rollUp()]);
    await rollUp();
    expect(await hours(tenant)).toEqual([{ hour: hourOf(HOUR), writes: 15, refused: 0 }]);
  });

  it("leaves out what administrators and jobs do, and mere reads", async () => {
    const tenant = await mintTenant();
    await tenant.scim.get("/Users");
    await admin("POST", `/tenants/${tenant.slug}/users`, { email: "ana@example.com" });
    await tenant.change({ settings: { groups: "off" } });
    await rollUp();
    expect(await hours(tenant)).toEqual([]);
    expect(await cursorOf(tenant)).toBeGreaterThan(0);
    await tenant.scim.post("/Users", { userName: "bo" });
    await tenant.scim.post("/Groups", { displayName: "Staff" });
    await rollUp();
    expect(await hours(tenant)).toEqual([{ hour: expect.any(String), writes: 1, refused: 1 }]);
  });

  it("goes through more rows than one transaction takes, and keeps tenants apart", async () => {
    const large = await mintTenant();
    const small = await mintTenant();
    await seedChanges(large.key, 45_000, { lastAt: HOUR });
    await seedChanges(small.key, 3, { lastAt: HOUR });
    await rollUp();
    const sum = async (tenant: MintedTenant) =>
      (await hours(tenant)).reduce((total, row) => total + Number(row["writes"]), 0);
    expect(await sum(large)).toBe(45_000);
    expect(await sum(small)).toBe(3);
  });

  it("loses and doubles nothing when it dies at any of its steps", async () => {
    const tenant = await mintTenant();
    await seedChanges(tenant.key, 25_000, { lastAt: HOUR + 60_000 * 59 });
    for (let survived = 0; survived < 8; survived++) {
      let trips = 0;
      const store = trafficStore(
        interceptD1(env.DB, ({ send }) => {
          trips += 1;
          if (trips > survived) throw new Error("The runtime went away.");
          return send();
        }),
      );
      await rollUp(store).catch(() => undefined);
      await env.DB.prepare("UPDATE leases SET expires_at = '' WHERE job = 'roll-up-traffic'").run();
    }
    await rollUp();
    const total = (await hours(tenant)).reduce((sum, row) => sum + Number(row["writes"]), 0);
    expect(total).toBe(25_000);
  });

  it("leaves a tenant that is on its way to another database", async () => {
    const tenant = await mintTenant();
    await seedChanges(tenant.key, 3, { lastAt: HOUR + 30 * 60_000 });
    const moving = "UPDATE tenant_states SET moving_to = ? WHERE tenant_key = ?";
    await env.DB.prepare(moving).bind("DB_1", tenant.key).run();
    await rollUp();
    expect(await cursorOf(tenant)).toBeNull();
    const part = { tenantKey: tenant.key, from: 0, to: 3 };
    const store = trafficStore(env.DB);
    const fencing = await store.lease.acquire("test", "9999", "9999");
    expect(await store.count(fencing ?? 0, [part])).toBe("overtaken");
    await store.lease.release("test");
    expect(await hours(tenant)).toEqual([]);
    await env.DB.prepare(moving).bind(null, tenant.key).run();
    await rollUp();
    expect(await hours(tenant)).toHaveLength(1);
  });

  it("writes nothing for whoever lost the lease", async () => {
    const tenant = await mintTenant();
    await seedChanges(tenant.key, 3, { lastAt: HOUR + 30 * 60_000 });
    const store = trafficStore(env.DB);
    const fencing = (await store.lease.acquire("first", "9999", "")) ?? 0;
    await store.lease.acquire("second", "9999", "");
    expect(await store.count(fencing, [{ tenantKey: tenant.key, from: 0, to: 3 }])).toBe(
      "overtaken",
    );
    expect(await hours(tenant)).toEqual([]);
  });
});
