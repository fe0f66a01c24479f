import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import type { NewAlert } from "../../src/directory/alerts/alert.ts";
import { databasesAmong } from "../../src/storage/d1/databases.ts";
import { alertStore } from "../../src/storage/notices/alert-store.ts";
import { raiseAlertIn } from "../../src/storage/notices/raise-alert.ts";
import { tenantStore } from "../../src/storage/tenancy/tenant-store.ts";
import { TenantFenced } from "../../src/tenancy/fence.ts";
import { uuidV7 } from "../../src/tenancy/uuid-v7.ts";
import { workerEnv } from "../call-worker.ts";
import { admin, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import type { Json } from "../scim-client.ts";
import { rowsIn } from "../tenant-rows.ts";

const clock = { now: () => Date.now() };
const ids = uuidV7(clock, (count) => crypto.getRandomValues(new Uint8Array(count)));
const raiseAlert = raiseAlertIn(env.DB, { clock, ids });

const brake = (subject = ""): NewAlert => ({
  kind: "reconcile-brake",
  subject,
  detail: "12 departments would go.",
});

async function page({ slug }: MintedTenant, query = "") {
  const { status, body } = await admin("GET", `/tenants/${slug}/alerts${query}`);
  expect(status).toBe(200);
  return { items: body["items"] as Json[], nextCursor: body["nextCursor"] as string | null };
}

const resolve = ({ slug }: MintedTenant, id: unknown) =>
  admin("POST", `/tenants/${slug}/alerts/${String(id)}/resolve`);

describe("an alert", () => {
  it("is shown whole", async () => {
    const tenant = await mintTenant();
    await raiseAlert(tenant.key, brake());
    expect(await page(tenant)).toEqual({
      items: [
        {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          kind: "reconcile-brake",
          subject: "",
          raisedAt: expect.stringMatching(/^\d{4}-.*Z$/),
          resolvedAt: null,
          detail: "12 departments would go.",
        },
      ],
      nextCursor: null,
    });
  });

  it("is raised once as long as it is open, and anew when it was resolved", async () => {
    const tenant = await mintTenant();
    await Promise.all([raiseAlert(tenant.key, brake()), raiseAlert(tenant.key, brake())]);
    await raiseAlert(tenant.key, { ...brake(), detail: "13 departments would go." });
    const [first, ...others] = (await page(tenant)).items;
    expect(others).toEqual([]);
    expect(first?.["detail"]).toBe("12 departments would go.");
    await resolve(tenant, first?.["id"]);
    await raiseAlert(tenant.key, brake());
    const { items } = await page(tenant);
    expect(items.map(({ resolvedAt }) => resolvedAt === null)).toEqual([true, false]);
  });

  it("is listed with the open ones, or with the others", async () => {
    const tenant = await mintTenant();
    for (const subject of ["a", "b", "c"]) await raiseAlert(tenant.key, brake(subject));
    const [c, b, a] = (await page(tenant)).items;
    await resolve(tenant, b?.["id"]);
    const idsOf = async (query: string) =>
      (await page(tenant, query)).items.map(({ id }) => String(id));
    expect(await idsOf("?open=true")).toEqual([c?.["id"], a?.["id"]]);
    expect(await idsOf("?open=false")).toEqual([b?.["id"]]);
    const first = await page(tenant, "?open=true&limit=1");
    expect(await idsOf(`?open=true&cursor=${first.nextCursor ?? ""}`)).toEqual([a?.["id"]]);
  });

  it("is raised within a request as by a job", async () => {
    const tenant = await mintTenant();
    const live = await tenantStore(databasesAmong(workerEnv())).liveBySlug(tenant.slug);
    if (!live) throw new Error("A tenant that is not there.");
    const store = alertStore(env.DB, live);
    const raisedAt = new Date().toISOString();
    await store.raise({ ...brake(), id: ids.next(), raisedAt });
    await raiseAlert(tenant.key, brake());
    await store.raise({ ...brake(), id: ids.next(), raisedAt });
    expect((await page(tenant)).items).toMatchObject([{ raisedAt }]);
    await tenant.change({ name: "Another" });
    await tenant.change({ status: "paused" });
    await expect(store.raise({ ...brake("x"), id: ids.next(), raisedAt })).rejects.toThrow(
      TenantFenced,
    );
  });

  it("is one for each kind and subject", async () => {
    const tenant = await mintTenant();
    await raiseAlert(tenant.key, brake("a"));
    await raiseAlert(tenant.key, brake("b"));
    await raiseAlert(tenant.key, { ...brake("a"), kind: "errors" });
    expect((await page(tenant)).items).toHaveLength(3);
  });

  it("is not raised for a tenant that is gone, or on its way to another database", async () => {
    await raiseAlert(999_999, brake());
    const tenant = await mintTenant();
    await env.DB.prepare("UPDATE tenant_states SET moving_to = 'DB_1' WHERE tenant_key = ?")
      .bind(tenant.key)
      .run();
    await raiseAlert(tenant.key, brake());
    const { results } = await env.DB.prepare("SELECT * FROM alerts WHERE tenant_key IN (999999, ?)")
      .bind(tenant.key)
      .all();
    expect(results).toEqual([]);
  });
});

describe("the list of alerts", () => {
  it("begins with the newest and is read page by page", async () => {
    const tenant = await mintTenant();
    for (const subject of ["1", "2", "3", "4", "5"]) await raiseAlert(tenant.key, brake(subject));
    const seen: unknown[] = [];
    let cursor: string | null = "";
    do {
      const next: Awaited<ReturnType<typeof page>> = await page(
        tenant,
        `?limit=2${cursor && `&cursor=${cursor}`}`,
      );
      expect(next.items.length).toBeLessThanOrEqual(2);
      seen.push(...next.items.map(({ subject }) => subject));
      cursor = next.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(["5", "4", "3", "2", "1"]);
  });

  it("holds those of its tenant only", async () => {
    const [one, other] = [await mintTenant(), await mintTenant()];
    await raiseAlert(one.key, brake());
    expect((await page(other)).items).toEqual([]);
    const [alert] = (await page(one)).items;
    expect((await resolve(other, alert?.["id"])).status).toBe(404);
    expect((await page(one)).items[0]?.["resolvedAt"]).toBeNull();
  });

  it("is 404 for a tenant that is not there, and 422 for a cursor of another list", async () => {
    expect((await admin("GET", "/tenants/nobody/alerts")).status).toBe(404);
    const { slug } = await mintTenant();
    expect((await admin("GET", `/tenants/${slug}/alerts?cursor=abc`)).status).toBe(422);
  });
});

describe("resolving an alert", () => {
  it("notes when, once, with a row in the journal", async () => {
    const tenant = await mintTenant();
    await raiseAlert(tenant.key, brake());
    const [alert] = (await page(tenant)).items;
    const resolved = await resolve(tenant, alert?.["id"]);
    expect(resolved.status).toBe(200);
    expect(resolved.body).toEqual({ ...alert, resolvedAt: expect.stringMatching(/Z$/) });
    const again = await resolve(tenant, alert?.["id"]);
    expect(again.body).toEqual(resolved.body);
    expect(await rowsIn("changes", tenant.key)).toMatchObject([
      {
        actor_kind: "admin",
        resource_type: "Alert",
        resource_id: alert?.["id"],
        outcome: "applied",
      },
    ]);
  });

  it("happens once when two administrators do it at the same time", async () => {
    const tenant = await mintTenant();
    await raiseAlert(tenant.key, brake());
    const [alert] = (await page(tenant)).items;
    const answers = await Promise.all([1, 2, 3].map(() => resolve(tenant, alert?.["id"])));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body["resolvedAt"])).size).toBe(1);
    expect(await rowsIn("changes", tenant.key)).toHaveLength(1);
  });

  it("is 404 for an id of nothing", async () => {
    const tenant = await mintTenant();
    const answer = await resolve(tenant, crypto.randomUUID());
    expect(answer.status).toBe(404);
    expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
  });
});
