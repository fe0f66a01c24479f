import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";

import { reconcileDepartments } from "../../src/jobs/reconcile-departments.ts";
import { departmentStore } from "../../src/storage/departments/department-store.ts";
import { databasesAmong } from "../../src/storage/d1/databases.ts";
import { reconciliationStore } from "../../src/storage/reconciliation/reconciliation-store.ts";
import { tenantStore } from "../../src/storage/tenancy/tenant-store.ts";
import { settingsOf } from "../../src/tenancy/presets.ts";
import { uuidV7 } from "../../src/tenancy/uuid-v7.ts";
import { mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { ENTERPRISE } from "../scim-client.ts";
import { seedPeople } from "../seed-people.ts";
import { interceptD1 } from "./intercept-d1.ts";

const CROWD = 5_000;

let tenant: MintedTenant;
let crowd: string[];
let cost = { trips: 0, read: 0, written: 0 };
const metered = interceptD1(env.DB, async ({ send }) => {
  const results = await send();
  cost.trips += 1;
  for (const { meta } of results) {
    cost.read += meta.rows_read;
    cost.written += meta.rows_written;
  }
  return results;
});

/** The tenant's departments, as a request sees them; what was paid before is forgotten. */
async function store() {
  const live = await tenantStore(databasesAmong({ DB: env.DB })).liveBySlug(tenant.slug);
  if (!live) throw new Error("No tenant.");
  cost = { trips: 0, read: 0, written: 0 };
  return departmentStore(metered, live, settingsOf(live.preset, live.overrides));
}

const idOf = async (name: string): Promise<string> => {
  const row = env.DB.prepare("SELECT id FROM departments WHERE tenant_key = ? AND name = ?");
  return (await row.bind(tenant.key, name).first<string>("id")) ?? "";
};

beforeAll(async () => {
  tenant = await mintTenant({ preset: "training" });
  const model = await tenant.scim.post("/Users", {
    userName: "model",
    [ENTERPRISE]: { department: "Retail" },
  });
  crowd = await seedPeople(tenant.key, model.id, CROWD);
  const members = crowd.slice(0, 2_000).map((value) => ({ value }));
  await tenant.scim.post("/Groups", { displayName: "Sales", members });
});

describe("among 5,000 people", () => {
  it.each(["Retail", "Sales"])(
    "a page of the members of %s reads what it shows, wherever it begins",
    async (name) => {
      const id = await idOf(name);
      for (const cursor of [undefined, crowd[1_900]]) {
        const departments = await store();
        const page = await departments.members(id, { limit: 50, cursor });
        // People whom a group has taken out of Retail are passed over, and each is looked at.
        const passed = name === "Retail" && cursor === undefined ? 2_000 : 100;
        expect(page?.items).toHaveLength(50);
        expect(cost.read).toBeLessThanOrEqual((51 + passed) * 6 + 50 * 12 + 20);
        expect(cost.trips).toBe(3);
      }
    },
  );

  it("the departments of a page of people are one round trip and a few rows for each", async () => {
    const departments = await store();
    expect(await departments.departmentsOf(crowd.slice(0, 100))).toHaveProperty("size", 100);
    expect(cost).toMatchObject({ trips: 1, written: 0 });
    expect(cost.read).toBeLessThanOrEqual(100 * 9 + 10);
  });

  it("the history of one person is one round trip and a few rows", async () => {
    const departments = await store();
    expect(await departments.history(crowd[0] ?? "")).toHaveLength(2);
    expect(cost.trips).toBe(1);
    expect(cost.read).toBeLessThanOrEqual(12);
  });

  it("assigning one by hand costs a few rows", async () => {
    const id = await idOf("Retail");
    const departments = await store();
    const row = {
      requestId: "request",
      at: "2026-01-01T00:00:00.000Z",
      actor: { kind: "admin", id: "operator", hint: "" },
      operation: "assign",
      resourceType: "Department",
      resourceId: id,
      outcome: "applied",
      status: 200,
      scimType: null,
      reason: null,
    } as const;
    const people = { add: crowd.slice(0, 1), remove: [] };
    const changes = { assign: row, unassign: { ...row, operation: "unassign" } } as const;
    await departments.assign(id, people, changes);
    expect(cost).toMatchObject({ trips: 1, written: 4 });
    expect(cost.read).toBeLessThanOrEqual(25);
  });

  it("a reconciliation that finds nothing to do reads rows of departments, and not of people", async () => {
    let now = Date.now();
    const clock = { now: () => (now += 1) };
    cost = { trips: 0, read: 0, written: 0 };
    await reconcileDepartments({
      stores: [reconciliationStore(metered)],
      graceHours: 24,
      trigger: "cron",
      clock,
      ids: uuidV7(clock, (count) => crypto.getRandomValues(new Uint8Array(count))),
    });
    expect(cost.read).toBeLessThanOrEqual(60);
    expect(cost.written).toBeLessThanOrEqual(8);
  });
});
