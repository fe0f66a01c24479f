import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { reconcileDepartments } from "../../src/jobs/reconcile-departments.ts";
import { reconciliationStore } from "../../src/storage/reconciliation/reconciliation-store.ts";
import { uuidV7 } from "../../src/tenancy/uuid-v7.ts";
import { admin, mintTenant } from "../mint-tenant.ts";
import { ENTERPRISE, type ScimClient } from "../scim-client.ts";

const HOUR_MS = 3_600_000;

let now = Date.now();
const clock = { now: () => now };
const ids = uuidV7(clock, (count) => crypto.getRandomValues(new Uint8Array(count)));

/** One run of the job, an hour or more after the one before. */
async function reconcile(hoursLater: number): Promise<void> {
  now += hoursLater * HOUR_MS;
  const stores = [reconciliationStore(env.DB)];
  await reconcileDepartments({ stores, graceHours: 24, trigger: "cron", clock, ids });
}

interface DepartmentRow {
  id: string;
  name: string;
  orphaned_at: string | null;
  retired_at: string | null;
}

async function departmentsOf(slug: string): Promise<DepartmentRow[]> {
  const { results } = await env.DB.prepare(
    `SELECT d.id, d.name, d.orphaned_at, d.retired_at FROM departments d
      JOIN tenant_states s ON s.tenant_key = d.tenant_key JOIN tenants t ON t.id = s.tenant_id
      WHERE t.slug = ? ORDER BY d.name`,
  )
    .bind(slug)
    .all<DepartmentRow>();
  return results;
}

async function departmentOf(slug: string, name: string): Promise<DepartmentRow> {
  const found = (await departmentsOf(slug)).find((row) => row.name === name);
  if (!found) throw new Error(`No department ${name}.`);
  return found;
}

const pushGroup = async (scim: ScimClient, displayName: string): Promise<string> =>
  (await scim.post("/Groups", { displayName })).id;

describe("a department made by a group", () => {
  it("is marked when the group goes, and retired by a later run after the grace", async () => {
    const { slug, scim } = await mintTenant({ preset: "training" });
    const group = await pushGroup(scim, "Sales");
    await scim.delete(`/Groups/${group}`);

    await reconcile(1);
    expect(await departmentOf(slug, "Sales")).toMatchObject({
      orphaned_at: expect.any(String),
      retired_at: null,
    });
    await reconcile(23);
    expect((await departmentOf(slug, "Sales")).retired_at).toBeNull();
    await reconcile(2);
    expect((await departmentOf(slug, "Sales")).retired_at).toEqual(expect.any(String));
  });

  it("is not retired by the run that marks it, however old it is", async () => {
    const { slug, scim } = await mintTenant({ preset: "training" });
    await scim.delete(`/Groups/${await pushGroup(scim, "Old")}`);
    await reconcile(1000);
    expect(await departmentOf(slug, "Old")).toMatchObject({
      orphaned_at: expect.any(String),
      retired_at: null,
    });
  });

  it("loses its mark when a group of its name is pushed again, and keeps its id", async () => {
    const { slug, scim } = await mintTenant({ preset: "training" });
    await scim.delete(`/Groups/${await pushGroup(scim, "Support")}`);
    await reconcile(1);
    const marked = await departmentOf(slug, "Support");
    await pushGroup(scim, "support");
    await reconcile(48);
    expect(await departmentsOf(slug)).toEqual([{ ...marked, orphaned_at: null }]);
  });

  it("comes back with its id when its name comes back after it was retired", async () => {
    const { slug, scim } = await mintTenant({ preset: "training" });
    await scim.delete(`/Groups/${await pushGroup(scim, "Legal")}`);
    await reconcile(1);
    await reconcile(48);
    const retired = await departmentOf(slug, "Legal");
    expect(retired.retired_at).not.toBeNull();
    await pushGroup(scim, "Legal");
    expect(await departmentsOf(slug)).toEqual([
      { ...retired, orphaned_at: null, retired_at: null },
    ]);
  });

  it("leaves a row in the journal when it is retired", async () => {
    const { slug, scim } = await mintTenant({ preset: "training" });
    await scim.delete(`/Groups/${await pushGroup(scim, "Quality")}`);
    await reconcile(1);
    await reconcile(48);
    const { id } = await departmentOf(slug, "Quality");
    const row = await env.DB.prepare("SELECT * FROM changes WHERE resource_id = ?")
      .bind(id)
      .first();
    expect(row).toMatchObject({ operation: "retire", actor_kind: "job", outcome: "applied" });
  });
});

describe("a department made by the attribute", () => {
  it("stays while anybody has it, inactive people included", async () => {
    const { slug, scim } = await mintTenant({ preset: "training" });
    const created = await scim.post("/Users", {
      userName: "ana@example.com",
      [ENTERPRISE]: { department: "Retail" },
    });
    await scim.patch(`/Users/${created.id}`, {
      Operations: [{ op: "replace", path: "active", value: false }],
    });
    await reconcile(1);
    await reconcile(48);
    expect(await departmentOf(slug, "Retail")).toMatchObject({
      orphaned_at: null,
      retired_at: null,
    });
  });

  it("is orphaned when the last person who had it moves on", async () => {
    const { slug, scim } = await mintTenant({ preset: "training" });
    const created = await scim.post("/Users", {
      userName: "bo@example.com",
      [ENTERPRISE]: { department: "Retail" },
    });
    await scim.patch(`/Users/${created.id}`, {
      Operations: [{ op: "replace", path: `${ENTERPRISE}:department`, value: "Kitchen" }],
    });
    await reconcile(1);
    expect(await departmentOf(slug, "Retail")).toMatchObject({ orphaned_at: expect.any(String) });
    expect(await departmentOf(slug, "Kitchen")).toMatchObject({ orphaned_at: null });
  });
});

describe("the brake", () => {
  const orphans = async (scim: ScimClient, count: number): Promise<void> => {
    for (let at = 0; at < count; at++) {
      await scim.delete(`/Groups/${await pushGroup(scim, `Team ${at}`)}`);
    }
  };

  it("keeps every department when more than ten, and more than 5 %, would go at once", async () => {
    const { slug, scim } = await mintTenant({ preset: "training" });
    await orphans(scim, 11);
    await reconcile(1);
    await reconcile(48);
    const rows = await departmentsOf(slug);
    expect(rows).toHaveLength(11);
    expect(rows.filter((row) => row.retired_at !== null)).toEqual([]);
    const { body } = await admin("GET", "/reconciliations?limit=1");
    expect(body["items"]).toMatchObject([{ brakes: [slug], trigger: "cron" }]);
  });

  it("raises one alert, however often it holds", async () => {
    const { slug, scim } = await mintTenant({ preset: "training" });
    await orphans(scim, 11);
    for (const hours of [1, 48, 1, 1]) await reconcile(hours);
    const { body } = await admin("GET", `/tenants/${slug}/alerts`);
    expect(body["items"]).toMatchObject([
      { kind: "reconcile-brake", resolvedAt: null, detail: expect.stringContaining("11 of 11") },
    ]);
  });

  it("lets ten go at once", async () => {
    const { slug, scim } = await mintTenant({ preset: "training" });
    await orphans(scim, 10);
    await reconcile(1);
    await reconcile(48);
    expect((await departmentsOf(slug)).every((row) => row.retired_at !== null)).toBe(true);
  });
});

describe("the lease", () => {
  it("lets one of several runs at the same time do the work", async () => {
    const { scim } = await mintTenant({ preset: "training" });
    await scim.delete(`/Groups/${await pushGroup(scim, "Twice")}`);
    const before = await runs();
    await Promise.all([reconcile(1), reconcile(0), reconcile(0)]);
    expect(await runs()).toBeLessThanOrEqual(before + 3);
    const open = await env.DB.prepare(
      "SELECT count(*) AS n FROM reconciliations WHERE finished_at IS NULL",
    ).first<number>("n");
    expect(open).toBe(0);
  });

  it("stops a holder that lost it from writing", async () => {
    const { slug, key, scim } = await mintTenant({ preset: "training" });
    await scim.delete(`/Groups/${await pushGroup(scim, "Fenced")}`);
    const store = reconciliationStore(env.DB);
    const iso = (time: number) => new Date(time).toISOString();
    const fencing = await store.lease.acquire("first", iso(now), iso(now + 1));
    if (fencing === undefined) throw new Error("The lease was not free.");
    const startedAt = iso(now);
    const run = await store.openRun(fencing, {
      id: ids.next(),
      trigger: "admin",
      startedAt,
      tenantKey: key,
    });
    const tenant = await store.tenant(key);
    if (!run || !tenant) throw new Error("No run was opened.");
    await store.lease.acquire("second", iso(now + 10), iso(now + 20));
    const { id } = await departmentOf(slug, "Fenced");
    const step = { fencing, run, tenant, dates: { now: iso(now), markedBefore: iso(now) } };
    expect(await store.markDepartments(step, [{ id, action: "mark" }])).toBe("lease-lost");
    expect((await departmentOf(slug, "Fenced")).orphaned_at).toBeNull();
    now += HOUR_MS;
    const third = await store.lease.acquire("third", iso(now), iso(now));
    if (third !== undefined) await store.finishRun(third, run, iso(now));
  });

  const runs = async (): Promise<number> =>
    (await env.DB.prepare("SELECT count(*) AS n FROM reconciliations").first<number>("n")) ?? 0;
});
