import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";

import { reconciliationStore } from "../../../src/storage/reconciliation/reconciliation-store.ts";
import { callWorker } from "../../call-worker.ts";
import { migrateSpares, THREE } from "../../many-databases.ts";
import { admin, mintTenant } from "../../mint-tenant.ts";
import { signedInClient } from "./console-client.ts";

beforeAll(migrateSpares);

const RUNS = "/console/reconciliations";
const DEPLOYMENT = "/console/deployment";

describe("the page of reconciliations", () => {
  it("runs one for all tenants and lists it", async () => {
    const { scim } = await mintTenant({ preset: "training" });
    const { id } = await scim.post("/Groups", { displayName: "Gone" });
    await scim.delete(`/Groups/${id}`);
    const client = await signedInClient();
    const ran = await client.post(RUNS, { does: "run" });
    expect(ran.status).toBe(200);
    expect(ran.text).toMatch(/Reconciled\. Newly orphaned: [1-9]/);
    expect((await client.get(RUNS)).text).toMatch(/UTC by hand \S+ \S+ UTC [1-9]\d* [1-9]/);
  });

  it("says when another one is at work", async () => {
    const client = await signedInClient();
    const { lease } = reconciliationStore(env.DB);
    const iso = (inMs: number) => new Date(Date.now() + inMs).toISOString();
    await lease.acquire("cron", iso(0), iso(60_000));
    const busy = await client.post(RUNS, { does: "run" });
    await lease.release("cron");
    expect(busy.status).toBe(409);
    expect(busy.text).toContain("Another reconciliation is at work.");
  }, 20_000);

  it("names the tenants for which it stopped", async () => {
    const { slug, key } = await mintTenant({ preset: "training" });
    await admin("POST", "/reconciliations", { tenant: slug });
    await env.DB.prepare("UPDATE reconciliations SET brakes = json_array(?) WHERE tenant_key = ?")
      .bind(key, key)
      .run();
    const { html } = await (await signedInClient()).get(RUNS);
    expect(html).toContain(`<a href="/console/t/${slug}/alerts">${slug}</a>`);
  });
});

describe("the page of the deployment", () => {
  it("shows the databases with their migrations, and which one is behind", async () => {
    const client = await signedInClient(undefined, callWorker(THREE));
    const newest = env.TEST_MIGRATIONS.at(-1)?.name ?? "";
    expect((await client.get(DEPLOYMENT)).text).toContain(`DB_2 ${newest} Ready`);
    await env.SPARE_1.prepare("DELETE FROM d1_migrations WHERE name = ?").bind(newest).run();
    await env.SPARE_2.prepare("DROP TABLE d1_migrations").run();
    const { text } = await client.get(DEPLOYMENT);
    expect(text).toContain(`DB ${newest} Ready`);
    expect(text).toContain("Behind Type npx wrangler d1 migrations apply DB_1 --remote");
    expect(text).toContain("DB_2 none Behind");
  });

  it("says how many credentials need an old pepper, and whether mail is sent", async () => {
    await mintTenant();
    const { text } = await (await signedInClient()).get(DEPLOYMENT);
    expect(text).toMatch(/[1-9]\d* tokens, keys and secrets of clients/);
    expect(text).toContain("None needs an older one");
    expect(text).toContain("None is sent");
    const pepper =
      "new-pepper-of-the-test-suite-0123456789abcdef,pepper-of-the-test-suite-0123456789abcdef";
    const rotated = await signedInClient(undefined, callWorker({ TOKEN_PEPPER: pepper }));
    expect((await rotated.get(DEPLOYMENT)).text).toMatch(/[1-9]\d* need an older one/);
  });

  it("adds up each organisation, and leads to its tenants", async () => {
    const tenant = await mintTenant();
    await tenant.change({ organisation: "Ex & <Co>" });
    await tenant.scim.post("/Users", { userName: "a@example.com" });
    const { text, html } = await (await signedInClient()).get(DEPLOYMENT);
    expect(text).toContain("Ex & <Co> 1 1 1");
    expect(html).toContain('href="/console/tenants?organisation=Ex+%26+%3CCo%3E"');
  });
});

describe("the pages of the operator", () => {
  it.each([RUNS, DEPLOYMENT])("are not there for a tenant's administrator: %s", async (path) => {
    const { slug } = await mintTenant();
    const made = await admin("POST", `/tenants/${slug}/admin-keys`, { name: "A", role: "admin" });
    const client = await signedInClient(String(made.body["key"]));
    const from = `/console/t/${slug}/departments`;
    expect((await client.get(path)).status).toBe(403);
    expect((await client.get(from)).html).not.toContain(`href="${path}"`);
    expect((await client.post(RUNS, { does: "run" }, { from })).status).toBe(403);
    expect((await client.post(from, { does: "reconcile" })).status).toBe(200);
  });
});
