import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";

import { reconciliationStore } from "../../src/storage/reconciliation/reconciliation-store.ts";
import { callWorker } from "../call-worker.ts";
import { migrateSpares, PLACES, THREE } from "../many-databases.ts";
import { admin, mintTenant } from "../mint-tenant.ts";
import type { Answer, Json } from "../scim-client.ts";

beforeAll(migrateSpares);

const itemsOf = ({ body }: Answer): Json[] => body["items"] as Json[];
const runFor = (tenant: string) => admin("POST", "/reconciliations", { tenant });

describe("a reconciliation by hand", () => {
  it("runs at once for one tenant and answers the finished run", async () => {
    const { slug, scim } = await mintTenant({ preset: "training" });
    const other = await mintTenant({ preset: "training" });
    for (const one of [scim, other.scim]) {
      const { id } = await one.post("/Groups", { displayName: "Gone" });
      await one.delete(`/Groups/${id}`);
    }
    const run = await runFor(slug);
    expect(run.status).toBe(201);
    expect(run.body).toEqual({
      id: expect.any(String),
      trigger: "admin",
      startedAt: expect.any(String),
      finishedAt: expect.any(String),
      tenants: 1,
      marked: 1,
      unmarked: 0,
      retired: 0,
      repaired: 0,
      brakes: [],
    });
    const untouched = await admin("GET", `/tenants/${other.slug}/departments?orphaned=true`);
    expect(itemsOf(untouched)).toEqual([]);
    expect((await runFor(slug)).body).toMatchObject({ tenants: 1, marked: 0 });
  });

  it("runs for every tenant without a name, one without a department among them", async () => {
    await mintTenant({ preset: "training" });
    const { scim } = await mintTenant({ preset: "training" });
    const { id } = await scim.post("/Groups", { displayName: "Gone" });
    await scim.delete(`/Groups/${id}`);
    const run = await admin("POST", "/reconciliations");
    expect(run.status).toBe(201);
    expect(run.body).toMatchObject({ finishedAt: expect.any(String) });
    expect(Number(run.body["tenants"])).toBeGreaterThanOrEqual(1);
    expect(Number(run.body["marked"])).toBeGreaterThanOrEqual(1);
  });

  it("is one run in all databases", async () => {
    const three = callWorker(THREE);
    const run = await admin("POST", "/reconciliations", undefined, three);
    expect(run.status).toBe(201);
    for (const place of PLACES) {
      const row = THREE[place]
        .prepare("SELECT finished_at FROM reconciliations WHERE id = ?")
        .bind(run.id);
      expect(await row.first("finished_at")).toEqual(expect.any(String));
    }
    const listed = itemsOf(await admin("GET", "/reconciliations", undefined, three));
    expect(listed.filter((item) => item["id"] === run.id)).toEqual([run.body]);
  });

  it.each([
    ["a tenant that is not there", { tenant: "nobody" }, 404],
    ["another field", { tenants: ["a"] }, 422],
    ["a name that is none", { tenant: 1 }, 422],
  ])("is refused for %s", async (_what, body, status) => {
    expect((await admin("POST", "/reconciliations", body)).status).toBe(status);
  });

  it("is refused while another one is at work, and leaves it alone", async () => {
    const { slug } = await mintTenant({ preset: "training" });
    const { lease } = reconciliationStore(env.DB);
    const iso = (inMs: number) => new Date(Date.now() + inMs).toISOString();
    await lease.acquire("cron", iso(0), iso(60_000));
    expect((await runFor(slug)).status).toBe(409);
    expect(itemsOf(await admin("GET", `/tenants/${slug}/changes`))).toEqual([]);
    await lease.release("cron");
    expect((await runFor(slug)).status).toBe(201);
  }, 20_000);

  it("stands in the journal of the tenant that it was for; one for all is its own record", async () => {
    const { slug } = await mintTenant({ preset: "training" });
    const run = await runFor(slug);
    await admin("POST", "/reconciliations");
    expect(itemsOf(await admin("GET", `/tenants/${slug}/changes`))).toMatchObject([
      {
        requestId: run.headers.get("X-Request-Id"),
        actor: { kind: "admin", id: "operator" },
        operation: "create",
        resourceType: "Reconciliation",
        resourceId: run.id,
        outcome: "applied",
      },
    ]);
  });
});

describe("the history of runs", () => {
  it("is newest first, by pages", async () => {
    const { slug } = await mintTenant({ preset: "training" });
    const made: unknown[] = [];
    for (let at = 0; at < 3; at++) made.unshift((await runFor(slug)).id);
    const first = await admin("GET", "/reconciliations?limit=2");
    expect(itemsOf(first).map((item) => item["id"])).toEqual(made.slice(0, 2));
    const path = `/reconciliations?limit=1&cursor=${String(first.body["nextCursor"])}`;
    expect(itemsOf(await admin("GET", path)).map((item) => item["id"])).toEqual(made.slice(2));
  });
});
