import { env } from "cloudflare:workers";
import { it } from "vitest";
import { callWorker } from "../call-worker.ts";
import { admin, mintTenant } from "../mint-tenant.ts";
import { seedChanges } from "../seed-changes.ts";
import { seedPeople } from "../seed-people.ts";
import { interceptD1 } from "./intercept-d1.ts";
import { recomputePeople } from "../../src/directory/recompute/recompute-people.ts";
import { recomputeStore } from "../../src/storage/recompute/recompute-store.ts";
import { retentionStore } from "../../src/storage/retention/retention-store.ts";
import { purgeOldRows } from "../../src/jobs/purge-old-rows.ts";
import { trafficStore } from "../../src/storage/traffic/traffic-store.ts";
import { rollUpTraffic } from "../../src/jobs/roll-up-traffic.ts";
import { uuidV7 } from "../../src/tenancy/uuid-v7.ts";
const clock = { now: () => Date.now() };
const ids = uuidV7(clock, (count) => crypto.getRandomValues(new Uint8Array(count)));
let cost = { trips: 0, read: 0, written: 0 };
const db = interceptD1(env.DB, async ({ send }) => {
  cost.trips++;
  const results = await send();
  for (const { meta } of results) { cost.read += meta.rows_read; cost.written += meta.rows_written; }
  return results;
});
const through = callWorker({ DB: db });
async function timed(name: string, run: () => Promise<unknown>) {
  cost = { trips: 0, read: 0, written: 0 };
  const t = Date.now();
  const r = await run();
  console.log("COST", name, JSON.stringify(cost), Date.now() - t, "ms", JSON.stringify(r)?.slice(0, 100));
}
it("costs", async () => {
  const tenant = await mintTenant({ settings: {} });
  const model = await tenant.scim.post("/Users", { userName: "model@example.com" });
  await seedPeople(tenant.key, model.id, 20000);
  await env.DB.batch([
    env.DB.prepare(`UPDATE users SET resource = json_set(resource, '$.userName', user_name_key || '@new.example', '$."urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"', json('{"department":"Sales"}')),
         email = user_name_key || '@old.example', email_key = user_name_key || '@old.example'
       WHERE tenant_key = ? AND user_name_key LIKE 'seeded-%'`).bind(tenant.key),
    env.DB.prepare(`UPDATE tenant_states SET epoch = epoch + 1, recompute_after = '', overrides = json_patch(overrides, '{"email":"username","departmentAttribute":"department"}') WHERE tenant_key = ?`).bind(tenant.key),
  ]);
  const limits = { until: Infinity, chunks: Infinity };
  await timed("recompute both 20k", () => recomputePeople(tenant.key, recomputeStore(db), limits, { clock, ids }));
  await env.DB.prepare("UPDATE tenant_states SET epoch = epoch + 1, recompute_after = '' WHERE tenant_key = ?").bind(tenant.key).run();
  await timed("recompute none 20k", () => recomputePeople(tenant.key, recomputeStore(db), limits, { clock, ids }));
  await timed("unique on", () => admin("PATCH", `/tenants/${tenant.slug}`, { settings: { uniqueEmail: true } }, through));
  await timed("unique off", () => admin("PATCH", `/tenants/${tenant.slug}`, { settings: { uniqueEmail: false } }, through));
  await env.DB.prepare("UPDATE users SET email = 'x@y.z', email_key = 'x@y.z' WHERE tenant_key = ? AND id > '01ffffff-0000-7000-8000-000000019000'").bind(tenant.key).run();
  await timed("unique refused", () => admin("PATCH", `/tenants/${tenant.slug}`, { settings: { uniqueEmail: true } }, through).then((a) => a.body));
  await timed("other setting", () => admin("PATCH", `/tenants/${tenant.slug}`, { settings: { groups: "off" } }, through));

  const t2 = await mintTenant();
  const now = Date.now();
  await seedChanges(t2.key, 200_000, { lastAt: now, refused: "n % 50 = 0" });
  await timed("stats before roll-up", () => admin("GET", `/tenants/${t2.slug}/stats`, undefined, through).then((a) => a.body));
  await timed("rollup", () => rollUpTraffic({ stores: [trafficStore(db)], clock, ids }));
  await timed("rollup nothing", () => rollUpTraffic({ stores: [trafficStore(db)], clock, ids }));
  await timed("stats", () => admin("GET", `/tenants/${t2.slug}/stats`, undefined, through).then((a) => a.body));
  await timed("traffic", () => admin("GET", `/tenants/${t2.slug}/traffic`, undefined, through));
  await timed("changes first page", () => admin("GET", `/tenants/${t2.slug}/changes`, undefined, through));
  await timed("changes old window", () => admin("GET", `/tenants/${t2.slug}/changes?since=2026-07-10&until=2026-07-11`, undefined, through));
  await timed("changes resource", () => admin("GET", `/tenants/${t2.slug}/changes?resourceId=person-199000`, undefined, through));
  await timed("changes refused", () => admin("GET", `/tenants/${t2.slug}/changes?outcome=refused`, undefined, through));
  await timed("changes q", () => admin("GET", `/tenants/${t2.slug}/changes?q=nothing`, undefined, through));
  await timed("changes refused q", () => admin("GET", `/tenants/${t2.slug}/changes?outcome=refused&q=nothing&since=2020-01-01`, undefined, through));
  await timed("follow", () => admin("GET", `/tenants/${t2.slug}/changes?order=asc&after=200000`, undefined, through));
  await timed("retention", () => purgeOldRows({ stores: [retentionStore(db)], clock: { now: () => now + 60 * 86_400_000 }, ids }));
}, 120000);
