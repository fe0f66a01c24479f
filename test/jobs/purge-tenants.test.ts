import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";

import { purgeTenants } from "../../src/jobs/purge-tenants.ts";
import { databasesAmong } from "../../src/storage/d1/databases.ts";
import { purgeStore } from "../../src/storage/deletion/purge-store.ts";
import { uuidV7 } from "../../src/tenancy/uuid-v7.ts";
import { callWorker, workerEnv } from "../call-worker.ts";
import { fillTables, rowCounts } from "../fill-tables.ts";
import { migrateSpares, THREE } from "../many-databases.ts";
import { admin, issueToken, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { accessToken, makeClient } from "../oauth-client.ts";
import { interceptD1, type Around } from "../storage/intercept-d1.ts";

const clock = { now: () => Date.now() };
const ids = uuidV7(clock, (count) => crypto.getRandomValues(new Uint8Array(count)));

/** One run of the job over the database DB, whose round trips may go through `around`. */
async function purge(around?: Around): Promise<void> {
  const DB = around ? interceptD1(env.DB, around) : env.DB;
  await purgeTenants({ stores: [purgeStore(databasesAmong({ DB }), "DB")], clock, ids });
}
/** As many runs as it takes. */
async function purgeAll(tenant: MintedTenant): Promise<number> {
  for (let runs = 1; ; runs++) {
    await purge();
    if (Object.keys(await rowCounts(env.DB, tenant.key)).length === 0) return runs;
    expect(runs).toBeLessThan(20);
  }
}

async function deleted(rows: number): Promise<MintedTenant> {
  const tenant = await mintTenant();
  await issueToken(tenant.slug, { name: "Second" });
  await fillTables(env.DB, tenant.key, rows);
  const answer = await admin("DELETE", `/tenants/${tenant.slug}?confirm=${tenant.slug}`);
  expect(answer.status).toBe(204);
  return tenant;
}

const digestsOf = async ({ tenantId }: MintedTenant): Promise<number | null> =>
  env.DB.prepare("SELECT count(*) AS n FROM credential_index WHERE tenant_id = ?")
    .bind(tenantId)
    .first<number>("n");

describe("the purge of a deleted tenant", () => {
  it("leaves no row of it in any table, and every row of the others", async () => {
    const other = await mintTenant();
    await fillTables(env.DB, other.key);
    const before = await rowCounts(env.DB, other.key);
    const tenant = await deleted(3);
    expect(Object.keys(await rowCounts(env.DB, tenant.key)).length).toBeGreaterThan(20);
    await purge();
    expect(await rowCounts(env.DB, tenant.key)).toEqual({});
    expect(await digestsOf(tenant)).toBe(0);
    expect(await rowCounts(env.DB, other.key)).toEqual(before);
    expect(await digestsOf(other)).toBe(1);
    expect((await other.scim.get("/Users")).status).toBe(200);
  });

  it("takes its OAuth clients along, and every digest that one of its tokens ever had", async () => {
    const tenant = await mintTenant();
    const client = await makeClient(tenant.slug);
    const pepper = workerEnv().TOKEN_PEPPER ?? "";
    const rotating = { TOKEN_PEPPER: `another-${pepper},${pepper}` };
    await accessToken(client, {}, callWorker(rotating));
    expect(await digestsOf(tenant)).toBe(4);
    await admin("DELETE", `/tenants/${tenant.slug}?confirm=${tenant.slug}`);
    await purge();
    expect(await rowCounts(env.DB, tenant.key)).toEqual({});
    expect(await digestsOf(tenant)).toBe(0);
  });

  it("touches no tenant that lives", async () => {
    const tenant = await mintTenant();
    await fillTables(env.DB, tenant.key);
    const before = await rowCounts(env.DB, tenant.key);
    const store = purgeStore(databasesAmong({ DB: env.DB }), "DB");
    const fencing = (await store.lease.acquire("test", "9999", "9999")) ?? 0;
    await store.purge(fencing, { tenantKey: tenant.key, tenantId: tenant.tenantId });
    await store.lease.release("test");
    expect(await rowCounts(env.DB, tenant.key)).toEqual(before);
    expect((await tenant.scim.get("/Users")).status).toBe(200);
    expect((await admin("GET", `/tenants/${tenant.slug}`)).status).toBe(200);
  });

  it("takes more rows than one transaction does, and goes on where a run stopped", async () => {
    const tenant = await deleted(5_000);
    const counts = await rowCounts(env.DB, tenant.key);
    expect(Math.min(...Object.values(counts))).toBeLessThan(10);
    expect(counts["users"]).toBe(5_000);
    await purgeAll(tenant);
    expect(await digestsOf(tenant)).toBe(0);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "is finished by the next run when one dies behind its step %i",
    async (survived) => {
      const tenant = await deleted(2_100);
      let trips = 0;
      await purge(({ send }) => {
        trips += 1;
        if (trips > survived) throw new Error("The runtime went away.");
        return send();
      }).catch(() => undefined);
      await env.DB.prepare("UPDATE leases SET expires_at = '' WHERE job = 'purge-tenants'").run();
      await purgeAll(tenant);
      expect(await digestsOf(tenant)).toBe(0);
    },
  );

  it("takes rows along that somebody wrote while it ran", async () => {
    const tenant = await deleted(3);
    let written = false;
    await purge(async ({ statements, send }) => {
      const isLast = statements.some(({ sql }) => sql.includes('DELETE FROM "tenant_states"'));
      if (isLast && !written) {
        written = true;
        await fillTables(env.DB, tenant.key);
      }
      return send();
    });
    expect(written).toBe(true);
    expect(await rowCounts(env.DB, tenant.key)).toEqual({});
  });

  it("keeps a second run out while one holds the lease", async () => {
    const tenant = await deleted(1);
    const { lease } = purgeStore(databasesAmong({ DB: env.DB }), "DB");
    const now = new Date(clock.now()).toISOString();
    await lease.acquire("somebody", now, "9999");
    await purge();
    expect(Object.keys(await rowCounts(env.DB, tenant.key)).length).toBeGreaterThan(20);
    await lease.release("somebody");
    await purgeAll(tenant);
  });
});

describe("a deleted tenant of another database", () => {
  beforeAll(migrateSpares);
  const three = callWorker(THREE);
  const everywhere = () =>
    purgeTenants({
      stores: ["DB", "DB_1"].map((name) => purgeStore(databasesAmong(THREE), name)),
      clock,
      ids,
    });

  async function inDb1(): Promise<MintedTenant & { keyThere: number }> {
    const tenant = await mintTenant();
    await tenant.scim.post("/Users", { userName: "ana" });
    await admin("POST", `/tenants/${tenant.slug}/move`, { database: "DB_1" }, three);
    const row = await THREE.DB_1.prepare("SELECT tenant_key FROM tenant_states WHERE tenant_id = ?")
      .bind(tenant.tenantId)
      .first<{ tenant_key: number }>();
    if (!row) throw new Error("It did not move.");
    return { ...tenant, keyThere: row.tenant_key };
  }

  it("is unreachable at once and purged there", async () => {
    const tenant = await inDb1();
    const scim = tenant.through(three);
    expect((await scim.get("/Users")).status).toBe(200);
    const path = `/tenants/${tenant.slug}`;
    expect((await admin("DELETE", `${path}?confirm=${tenant.slug}`, undefined, three)).status).toBe(
      204,
    );
    expect((await scim.get("/Users")).status).toBe(401);
    expect((await admin("GET", path, undefined, three)).status).toBe(404);
    await everywhere();
    expect(await rowCounts(THREE.DB_1, tenant.keyThere)).toEqual({});
    expect(await digestsOf(tenant)).toBe(0);
  });

  it("is unreachable also when the control database did not hear of it, until the job makes up for that", async () => {
    const tenant = await inDb1();
    const scim = tenant.through(three);
    const deaf = callWorker({
      ...THREE,
      DB: interceptD1(env.DB, ({ statements, send }) => {
        if (statements.some(({ sql }) => sql.startsWith('DELETE FROM "tenants"'))) {
          throw new Error("D1_ERROR: down");
        }
        return send();
      }),
    });
    const path = `/tenants/${tenant.slug}`;
    const answer = await admin("DELETE", `${path}?confirm=${tenant.slug}`, undefined, deaf);
    expect(answer.status).toBe(503);
    expect((await scim.get("/Users")).status).toBe(401);
    expect((await admin("GET", path, undefined, three)).status).toBe(404);
    const again = { slug: tenant.slug, name: "Again" };
    expect((await admin("POST", "/tenants", again, three)).status).toBe(409);
    await everywhere();
    expect((await admin("POST", "/tenants", again, three)).status).toBe(201);
  });
});
