import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";

import { recomputePeople } from "../../src/directory/recompute/recompute-people.ts";
import { recomputePeopleOfTenants } from "../../src/jobs/recompute-people.ts";
import { recomputeStore } from "../../src/storage/recompute/recompute-store.ts";
import { uuidV7 } from "../../src/tenancy/uuid-v7.ts";
import { mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { patchOf, type Json } from "../scim-client.ts";
import { seedPeople } from "../seed-people.ts";
import { interceptD1, type Around } from "../storage/intercept-d1.ts";
import { rowsIn } from "../tenant-rows.ts";

const clock = { now: () => Date.now() };
const ids = uuidV7(clock, (count) => crypto.getRandomValues(new Uint8Array(count)));
const stores = [recomputeStore(env.DB)];
const runJob = () => recomputePeopleOfTenants({ stores, clock, ids });
const NO_LIMIT = { until: Infinity, chunks: Infinity };

const CROWD = 1_200;

/** People whose address is their mail, in a tenant where from now on it is their userName. */
async function staleTenant(crowd: number, settings: Json = {}): Promise<MintedTenant> {
  const tenant = await mintTenant({ settings });
  const model = await tenant.scim.post("/Users", { userName: "model@example.com" });
  if (crowd > 0) await seedPeople(tenant.key, model.id, crowd);
  await env.DB.batch([
    env.DB.prepare(
      `UPDATE users SET resource = json_set(resource, '$.userName', user_name_key || '@new.example'),
         email = user_name_key || '@old.example', email_key = user_name_key || '@old.example'
       WHERE tenant_key = ? AND user_name_key LIKE 'seeded-%'`,
    ).bind(tenant.key),
    env.DB.prepare(
      `UPDATE tenant_states SET epoch = epoch + 1, recompute_after = '',
         overrides = json_patch(overrides, '{"email":"username"}') WHERE tenant_key = ?`,
    ).bind(tenant.key),
  ]);
  return tenant;
}

const positionOf = async ({ key }: MintedTenant): Promise<unknown> =>
  (await rowsIn("tenant_states", key))[0]?.["recompute_after"];

const seededPeople = async ({ key }: MintedTenant): Promise<Json[]> =>
  (await rowsIn("users", key)).filter((row) => String(row["user_name_key"]).startsWith("seeded-"));

async function expectAllNew(tenant: MintedTenant): Promise<void> {
  const people = await seededPeople(tenant);
  const address = (row: Json) => `${String(row["user_name_key"])}@new.example`;
  expect(people.filter((row) => row["email"] !== address(row))).toEqual([]);
  expect(people.filter((row) => row["email_key"] !== address(row))).toEqual([]);
  expect(await positionOf(tenant)).toBeNull();
}

/** The store over a database whose round trips go through `around`. */
const storeThrough = (around: Around) => recomputeStore(interceptD1(env.DB, around));
const isWrite = ({ statements }: Parameters<Around>[0]) =>
  statements.some(({ sql }) => sql.includes("SET recompute_after"));

afterEach(() => {
  vi.restoreAllMocks();
});

describe("recomputing people", () => {
  it("reaches everybody, and raises the version of those whom it changes once", async () => {
    const tenant = await staleTenant(CROWD);
    await runJob();
    await expectAllNew(tenant);
    const versions = new Set((await seededPeople(tenant)).map((row) => row["version"]));
    expect([...versions]).toEqual([2]);
    const model = (await rowsIn("users", tenant.key)).find(
      (row) => row["user_name_key"] === "model@example.com",
    );
    expect(model).toMatchObject({ version: 1 });
  });

  it("leaves one row in the journal for each portion that changes anybody", async () => {
    const tenant = await staleTenant(CROWD);
    await runJob();
    const journal = async () =>
      (await rowsIn("changes", tenant.key))
        .filter((row) => row["actor_id"] === "recompute-people")
        .sort((a, b) => Number(a["seq"]) - Number(b["seq"]));
    const rows = await journal();
    const told = (count: number) => [{ attribute: "email", after: { count } }];
    // The model is in the first portion, and right already.
    expect(rows.map((row) => JSON.parse(String(row["diff"])) as unknown)).toEqual([
      told(499),
      told(500),
      told(CROWD - 999),
    ]);
    await runJob();
    expect(await journal()).toEqual(rows);
  });

  it("reads a person and what is written, and walks nobody for anybody else", async () => {
    const tenant = await staleTenant(CROWD);
    let read = 0;
    const store = storeThrough(async ({ send }) => {
      const results = await send();
      for (const { meta } of results) read += meta.rows_read;
      return results;
    });
    await recomputePeople(tenant.key, store, NO_LIMIT, { clock, ids });
    expect(read).toBeLessThan(12 * CROWD);
  });

  it("goes on where it was stopped", async () => {
    const tenant = await staleTenant(CROWD);
    const [store] = stores;
    if (!store) throw new Error("No store.");
    const limits = { until: Infinity, chunks: 1 };
    const first = await recomputePeople(tenant.key, store, limits, { clock, ids });
    expect(first).toEqual({ state: "open", chunks: 1, conflicts: 0 });
    expect(await positionOf(tenant)).toMatch(/^0/);
    const rest = await recomputePeople(tenant.key, store, NO_LIMIT, { clock, ids });
    expect(rest).toEqual({ state: "finished", chunks: 2, conflicts: 0 });
    await expectAllNew(tenant);
  });

  it("begins nothing after its time", async () => {
    const tenant = await staleTenant(10);
    const limits = { until: clock.now(), chunks: 10 };
    const store = recomputeStore(env.DB);
    const result = await recomputePeople(tenant.key, store, limits, { clock, ids });
    expect(result).toEqual({ state: "open", chunks: 0, conflicts: 0 });
    await runJob();
    await expectAllNew(tenant);
  });

  it("is done by two runs at the same time as by one", async () => {
    const tenant = await staleTenant(CROWD);
    const run = () => recomputePeople(tenant.key, recomputeStore(env.DB), NO_LIMIT, { clock, ids });
    const results = await Promise.all([run(), run()]);
    expect(results.map(({ state }) => state)).toContain("finished");
    await expectAllNew(tenant);
    const versions = new Set((await seededPeople(tenant)).map((row) => row["version"]));
    expect([...versions]).toEqual([2]);
  });

  it("never overwrites what SCIM wrote after the portion was read", async () => {
    const tenant = await staleTenant(10);
    const [ana] = await seededPeople(tenant);
    let overtaken = false;
    const store = storeThrough(async (trip) => {
      if (isWrite(trip) && !overtaken) {
        overtaken = true;
        const rename = patchOf({ op: "replace", path: "userName", value: "ana@late.example" });
        const answer = await tenant.scim.patch(`/Users/${String(ana?.["id"])}`, rename);
        expect(answer.status).toBe(200);
      }
      return trip.send();
    });
    const result = await recomputePeople(tenant.key, store, NO_LIMIT, { clock, ids });
    expect(result.state).toBe("finished");
    const after = (await rowsIn("users", tenant.key)).find((row) => row["id"] === ana?.["id"]);
    expect(after).toMatchObject({ email_key: "ana@late.example", version: 2 });
  });

  it("begins anew when the settings change on the way", async () => {
    const tenant = await staleTenant(CROWD);
    let changed = false;
    const store = storeThrough(async (trip) => {
      if (isWrite(trip) && !changed) {
        changed = true;
        await env.DB.prepare(
          `UPDATE tenant_states SET epoch = epoch + 1, recompute_after = '',
             overrides = json_patch(overrides, '{"email":"mail-then-username"}') WHERE tenant_key = ?`,
        )
          .bind(tenant.key)
          .run();
      }
      return trip.send();
    });
    await recomputePeople(tenant.key, store, NO_LIMIT, { clock, ids });
    // Without any mail the userName serves by both rules.
    await expectAllNew(tenant);
  });

  it("leaves the old address of whom a unique address is taken, and logs how many in one line", async () => {
    const log = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const tenant = await staleTenant(0, { uniqueEmail: true });
    await env.DB.prepare(
      `UPDATE tenant_states SET recompute_after = NULL, epoch = epoch + 1,
         overrides = json_remove(overrides, '$.email') WHERE tenant_key = ?`,
    )
      .bind(tenant.key)
      .run();
    const person = (userName: string, value: string) =>
      tenant.scim.post("/Users", { userName, emails: [{ value, type: "work" }] });
    const ana = await person("bo@example.com", "ana@example.com");
    const bo = await person("cy@example.com", "bo@example.com");
    await env.DB.prepare(
      `UPDATE tenant_states SET recompute_after = '', epoch = epoch + 1,
         overrides = json_patch(overrides, '{"email":"username"}') WHERE tenant_key = ?`,
    )
      .bind(tenant.key)
      .run();
    await runJob();
    const people = await rowsIn("users", tenant.key);
    const of = (id: string) => people.find((row) => row["id"] === id);
    expect(of(bo.id)).toMatchObject({ email_key: "cy@example.com", version: 2 });
    expect(of(ana.id)).toMatchObject({ email_key: "ana@example.com", version: 1 });
    expect(log.mock.calls).toEqual([[JSON.stringify({ event: "recompute-conflicts", people: 1 })]]);
    expect(await positionOf(tenant)).toBeNull();
  });
});

describe("the lease", () => {
  it("keeps a second run of the job out", async () => {
    const tenant = await staleTenant(10);
    const { lease } = recomputeStore(env.DB);
    const iso = (time: number) => new Date(time).toISOString();
    await lease.acquire("somebody", iso(clock.now()), iso(clock.now() + 60_000));
    await runJob();
    expect(await positionOf(tenant)).toBe("");
    await lease.release("somebody");
    await runJob();
    await expectAllNew(tenant);
  });
});
