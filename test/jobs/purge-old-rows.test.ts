import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";

import { purgeOldRows } from "../../src/jobs/purge-old-rows.ts";
import { retentionStore } from "../../src/storage/retention/retention-store.ts";
import { uuidV7 } from "../../src/tenancy/uuid-v7.ts";
import { callWorker } from "../call-worker.ts";
import { migrateSpares, THREE } from "../many-databases.ts";
import { admin, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { accessToken, makeClient } from "../oauth-client.ts";
import { ENTERPRISE, patchOf, type Json } from "../scim-client.ts";
import { seedChanges } from "../seed-changes.ts";
import { interceptD1, type Around } from "../storage/intercept-d1.ts";
import { rowsIn } from "../tenant-rows.ts";

const DAY_MS = 86_400_000;
const now = Date.now();
const ago = (days: number): string => new Date(now - days * DAY_MS).toISOString();

let time = now;
const clock = { now: () => time };
const ids = uuidV7(clock, (count) => crypto.getRandomValues(new Uint8Array(count)));

/** One run of the job, a day after the one before unless another one said that there is more. */
async function purge(around?: Around): Promise<void> {
  const database = around ? interceptD1(env.DB, around) : env.DB;
  await purgeOldRows({ stores: [retentionStore(database, env.DB)], clock, ids });
}
const freeLease = () =>
  env.DB.prepare("UPDATE leases SET expires_at = '' WHERE job = 'purge-old-rows'").run();
beforeEach(async () => {
  time = now;
  await freeLease();
});

const seqsOf = async ({ key }: MintedTenant): Promise<number[]> =>
  (await rowsIn("changes", key)).map((row) => Number(row["seq"])).sort((a, b) => a - b);

async function rows(table: string, { key }: MintedTenant): Promise<Json[]> {
  const { results } = await env.DB.prepare(`SELECT * FROM ${table} WHERE tenant_key = ?`)
    .bind(key)
    .all<Json>();
  return results;
}

/** Rows a minute apart, the last of them so many days old. */
const oldChanges = (tenant: MintedTenant, count: number, days: number) =>
  seedChanges(tenant.key, count, { lastAt: now - days * DAY_MS });

describe("the journal", () => {
  it("loses the rows that are older than the tenant wants them, and no others", async () => {
    const short = await mintTenant({ settings: { logRetentionDays: 30 } });
    const long = await mintTenant();
    for (const tenant of [short, long]) {
      await oldChanges(tenant, 10, 91);
      await oldChanges(tenant, 10, 31);
      await oldChanges(tenant, 10, 29);
    }
    await purge();
    const numbers = (from: number) => Array.from({ length: 31 - from }, (_, at) => from + at);
    expect(await seqsOf(short)).toEqual(numbers(21));
    expect(await seqsOf(long)).toEqual(numbers(11));
  });

  it("keeps its newest row, from which the next number follows", async () => {
    const tenant = await mintTenant();
    await oldChanges(tenant, 10, 200);
    await purge();
    expect(await seqsOf(tenant)).toEqual([10]);
    await tenant.scim.post("/Users", { userName: "ana" });
    expect(await seqsOf(tenant)).toEqual([10, 11]);
  });

  it("follows a change of the setting", async () => {
    const tenant = await mintTenant();
    await oldChanges(tenant, 10, 20);
    await purge();
    expect(await seqsOf(tenant)).toHaveLength(10);
    await tenant.change({ settings: { logRetentionDays: 10 } });
    await freeLease();
    await purge();
    expect(await seqsOf(tenant)).toEqual([11]);
  });

  it("of any length is done with, in portions, whatever kills a run", async () => {
    const tenant = await mintTenant();
    await oldChanges(tenant, 12_000, 100);
    await oldChanges(tenant, 5, 1);
    for (let survived = 1; survived < 8; survived++) {
      let trips = 0;
      await purge(({ send }) => {
        trips += 1;
        if (trips > survived) throw new Error("The runtime went away.");
        return send();
      }).catch(() => undefined);
      await freeLease();
    }
    await purge();
    expect(await seqsOf(tenant)).toEqual([12_001, 12_002, 12_003, 12_004, 12_005]);
  });

  it("stays as it is while the tenant is on its way to another database", async () => {
    const tenant = await mintTenant();
    await oldChanges(tenant, 10, 100);
    const moving = "UPDATE tenant_states SET moving_to = ? WHERE tenant_key = ?";
    const store = retentionStore(env.DB, env.DB);
    const fencing = (await store.lease.acquire("test", "9999", "9999")) ?? 0;
    await env.DB.prepare(moving).bind("DB_1", tenant.key).run();
    const due = { tenantKey: tenant.key, before: ago(90), isDue: true };
    expect(await store.purgeJournal(fencing, due)).toBe("overtaken");
    expect(await seqsOf(tenant)).toHaveLength(10);
    await env.DB.prepare(moving).bind(null, tenant.key).run();
    expect(await store.purgeJournal(fencing + 1, due)).toBe("overtaken");
    expect(await store.purgeJournal(fencing, due)).toBe("done");
    await store.lease.release("test");
    expect(await seqsOf(tenant)).toEqual([10]);
  });
});

describe("people who were deleted", () => {
  /** Ana was deleted so many days ago, and had been in a department by attribute and been invited. */
  async function deletedAna(days: number): Promise<{ tenant: MintedTenant; id: string }> {
    const tenant = await mintTenant({
      settings: { departmentAttribute: "department", invitations: "on-create" },
    });
    const { id } = await tenant.scim.post("/Users", {
      userName: "ana@example.com",
      [ENTERPRISE]: { department: "Sales" },
    });
    const path = `${ENTERPRISE}:department`;
    await tenant.scim.patch(`/Users/${id}`, patchOf({ op: "replace", path, value: "Kitchen" }));
    await tenant.scim.delete(`/Users/${id}`);
    await tenant.scim.post("/Users", { userName: "bo@example.com" });
    await env.DB.batch([
      env.DB.prepare("UPDATE changes SET at = ? WHERE tenant_key = ? AND seq <= 3").bind(
        ago(days),
        tenant.key,
      ),
      env.DB.prepare("UPDATE former_people SET deleted_at = ? WHERE tenant_key = ?").bind(
        ago(days),
        tenant.key,
      ),
    ]);
    return { tenant, id };
  }
  const leftOf = async (tenant: MintedTenant, id: string) => ({
    former: (await rows("former_people", tenant)).map((row) => row["id"]),
    assignments: (await rows("assignments", tenant)).filter((row) => row["user_id"] === id).length,
    invitations: (await rows("invitations", tenant)).filter((row) => row["user_id"] === id).length,
  });

  it("are kept as long as the journal", async () => {
    const { tenant, id } = await deletedAna(89);
    await purge();
    expect(await leftOf(tenant, id)).toEqual({ former: [id], assignments: 1, invitations: 1 });
  });

  it("go with the row that tells of their deletion, and all that was kept of them", async () => {
    const { tenant, id } = await deletedAna(91);
    await purge();
    expect(await leftOf(tenant, id)).toEqual({ former: [], assignments: 0, invitations: 0 });
    const path = `/tenants/${tenant.slug}/users`;
    expect((await admin("GET", `${path}/${id}`)).status).toBe(404);
    expect(await rows("invitations", tenant)).toHaveLength(1);
    expect((await tenant.scim.get("/Users")).body).toMatchObject({ totalResults: 1 });
  });

  it("are not of another tenant, nor anybody who lives", async () => {
    const { tenant } = await deletedAna(91);
    const other = await deletedAna(10);
    const alive = await rowsIn("users", tenant.key);
    await purge();
    expect(await rowsIn("users", tenant.key)).toEqual(alive);
    expect(await leftOf(other.tenant, other.id)).toMatchObject({ former: [other.id] });
  });
});

describe("the rest", () => {
  it("of departments: the retired ones go with the log, unless something refers to them again", async () => {
    const tenant = await mintTenant({ settings: { departmentAttribute: "department" } });
    for (const department of ["Sales", "Kitchen", "Retail"]) {
      const userName = `${department}@example.com`;
      await tenant.scim.post("/Users", { userName, [ENTERPRISE]: { department } });
    }
    const retire = (name: string, days: number, empties: boolean) => [
      env.DB.prepare(
        "UPDATE departments SET retired_at = ?2 WHERE tenant_key = ?1 AND name = ?3",
      ).bind(tenant.key, ago(days), name),
      env.DB.prepare(
        "UPDATE users SET department_id = NULL WHERE tenant_key = ?1 AND user_name_key = ?2 AND ?3",
      ).bind(tenant.key, `${name.toLowerCase()}@example.com`, empties ? 1 : 0),
    ];
    await env.DB.batch([
      ...retire("Sales", 91, true),
      ...retire("Kitchen", 91, false),
      ...retire("Retail", 89, true),
    ]);
    await purge();
    const names = (await rowsIn("departments", tenant.key)).map((row) => row["name"]);
    expect(names.sort()).toEqual(["Kitchen", "Retail"]);
  });

  it("of alerts: those resolved long ago", async () => {
    const tenant = await mintTenant();
    await env.DB.prepare(
      `INSERT INTO alerts (tenant_key, id, kind, subject, detail, raised_at, resolved_at)
         VALUES (?1, 'old', 'errors', '', '', ?2, ?2), (?1, 'new', 'errors', '', '', ?2, ?3),
           (?1, 'open', 'errors', '', '', ?2, NULL)`,
    )
      .bind(tenant.key, ago(91), ago(89))
      .run();
    await purge();
    const left = (await rows("alerts", tenant)).map((row) => row["id"]);
    expect(left.sort()).toEqual(["new", "open"]);
  });

  it("of traffic: hours of more than 400 days ago", async () => {
    const tenant = await mintTenant();
    await env.DB.prepare(
      "INSERT INTO traffic (tenant_key, hour, writes) VALUES (?1, ?2, 1), (?1, ?3, 1)",
    )
      .bind(tenant.key, ago(401), ago(399))
      .run();
    await purge();
    expect((await rows("traffic", tenant)).map((row) => row["hour"])).toEqual([ago(399)]);
  });

  it("of the reconciliation's runs: those that ended long ago", async () => {
    const run = (id: string, finishedAt: string | null) =>
      env.DB.prepare(
        "INSERT INTO reconciliations (id, trigger, started_at, finished_at) VALUES (?, 'cron', ?, ?)",
      ).bind(id, ago(100), finishedAt);
    await env.DB.batch([run("old", ago(91)), run("new", ago(89)), run("open", null)]);
    await purge();
    const { results } = await env.DB.prepare("SELECT id FROM reconciliations").all<Json>();
    const left = results.map((row) => row["id"]);
    expect(left).toEqual(expect.arrayContaining(["new", "open"]));
    expect(left).not.toContain("old");
    await env.DB.prepare("DELETE FROM reconciliations WHERE id IN ('new', 'open')").run();
  });
});

describe("access tokens", () => {
  /** So many that ended so many days ago, each filed under a former digest too. */
  async function ended({ key, tenantId }: MintedTenant, count: number, days: number, DB = env.DB) {
    const numbers = `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)`;
    const digest = `?2 || '-${days}-' || n`;
    const index = `INSERT INTO credential_index (digest, tenant_id) ${numbers}`;
    await env.DB.batch([
      env.DB.prepare(`${index} SELECT ${digest}, ?2 FROM numbers`).bind(count, tenantId),
      env.DB.prepare(`${index} SELECT 'former-' || ${digest}, ?2 FROM numbers`).bind(
        count,
        tenantId,
      ),
    ]);
    await DB.prepare(
      `INSERT INTO credentials (tenant_key, id, kind, name, digest, former_digest, pepper_id, last4, scopes,
          created_at, expires_at, client_id, parent_id)
        ${numbers} SELECT ?3, ${digest}, 'access', '', ${digest}, 'former-' || ${digest}, '', '', '', ?4, ?4, 'c', 's'
        FROM numbers`,
    )
      .bind(count, tenantId, key, ago(days))
      .run();
  }
  const left = async ({ key }: MintedTenant, DB = env.DB): Promise<number | null> =>
    DB.prepare("SELECT count(*) AS n FROM credentials WHERE tenant_key = ? AND kind = 'access'")
      .bind(key)
      .first<number>("n");
  const indexed = async ({ tenantId }: MintedTenant): Promise<number | null> =>
    env.DB.prepare("SELECT count(*) AS n FROM credential_index WHERE tenant_id = ?")
      .bind(tenantId)
      .first<number>("n");

  it("go a day after their end, with all that leads to them, and nothing else does", async () => {
    const tenant = await mintTenant();
    const token = await accessToken(await makeClient(tenant.slug));
    await ended(tenant, 3, 1.1);
    await ended(tenant, 2, 0.9);
    const others = "SELECT id FROM credentials WHERE tenant_key = ? AND kind <> 'access'";
    await env.DB.prepare("UPDATE credentials SET expires_at = ? WHERE tenant_key = ? AND id = ?")
      .bind(ago(40), tenant.key, tenant.id)
      .run();
    await purge();
    expect(await left(tenant)).toBe(3);
    expect(await indexed(tenant)).toBe(2 + 5);
    expect((await env.DB.prepare(others).bind(tenant.key).all()).results).toHaveLength(2);
    expect((await tenant.through(callWorker(), { token }).get("/Users")).status).toBe(200);
  });

  it("of any number go in portions, whatever kills a run", async () => {
    const tenant = await mintTenant();
    await ended(tenant, 6_000, 2);
    for (let survived = 2; survived < 7; survived++) {
      let trips = 0;
      await purge(({ send }) => {
        trips += 1;
        if (trips > survived) throw new Error("The runtime went away.");
        return send();
      }).catch(() => undefined);
      await freeLease();
    }
    await purge();
    expect([await left(tenant), await indexed(tenant)]).toEqual([0, 1]);
  });

  it("stay while the tenant is on its way to another database", async () => {
    const tenant = await mintTenant();
    await ended(tenant, 2, 2);
    const moving = env.DB.prepare("UPDATE tenant_states SET moving_to = ? WHERE tenant_key = ?");
    await moving.bind("DB_1", tenant.key).run();
    await purge();
    expect([await left(tenant), await indexed(tenant)]).toEqual([2, 5]);
    await moving.bind(null, tenant.key).run();
    await freeLease();
    await purge();
    expect([await left(tenant), await indexed(tenant)]).toEqual([0, 1]);
  });

  it("go from another database, and from the list of the control database", async () => {
    await migrateSpares();
    const tenant = await mintTenant();
    const key = 4711;
    await THREE.DB_1.prepare(
      `INSERT INTO tenant_states (tenant_key, tenant_id, epoch, status, preset, overrides)
        VALUES (?, ?, 1, 'active', 'generic', '{}')`,
    )
      .bind(key, tenant.tenantId)
      .run();
    await ended({ ...tenant, key }, 2, 2, THREE.DB_1);
    await purgeOldRows({ stores: [retentionStore(THREE.DB_1, env.DB)], clock, ids });
    expect(await left({ ...tenant, key }, THREE.DB_1)).toBe(0);
    expect(await indexed(tenant)).toBe(1);
  });
});

describe("a run", () => {
  it("that came through lets nobody look again for some hours", async () => {
    const tenant = await mintTenant();
    await purge();
    await oldChanges(tenant, 10, 100);
    time = now + 5 * 3_600_000;
    await purge();
    expect(await seqsOf(tenant)).toHaveLength(10);
    time = now + 7 * 3_600_000;
    await purge();
    expect(await seqsOf(tenant)).toEqual([10]);
  });
});
