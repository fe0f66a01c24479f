import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";

import { watchTenants } from "../../src/jobs/watch-tenants.ts";
import { raiseAlertIn } from "../../src/storage/notices/raise-alert.ts";
import { watchStore } from "../../src/storage/notices/watch-store.ts";
import { uuidV7 } from "../../src/tenancy/uuid-v7.ts";
import { callWorker } from "../call-worker.ts";
import { admin, issueToken, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { accessToken, makeClient } from "../oauth-client.ts";
import type { Json } from "../scim-client.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let now = Date.now();
const clock = { now: () => now };
const ids = uuidV7({ now: () => Date.now() }, (count) =>
  crypto.getRandomValues(new Uint8Array(count)),
);
const iso = (time: number) => new Date(time).toISOString();

const watch = (database = env.DB, random = 0) =>
  watchTenants({ stores: [watchStore(database)], clock, ids, random: () => random });

async function alertsOf({ slug }: MintedTenant): Promise<Json[]> {
  const { body } = await admin("GET", `/tenants/${slug}/alerts`);
  return (body["items"] as Json[]).toReversed();
}

const openOf = async (tenant: MintedTenant): Promise<unknown[]> =>
  (await alertsOf(tenant))
    .filter(({ resolvedAt }) => resolvedAt === null)
    .map(({ kind, subject }) => [kind, subject]);

/** So many rows of the journal, that much before now. */
const journal = (
  { key }: MintedTenant,
  outcome: "applied" | "refused",
  count: number,
  hoursAgo: number,
  actor: "token" | "admin" = "token",
) =>
  env.DB.prepare(
    `INSERT INTO changes (tenant_key, seq, at, request_id, actor_kind, actor_id, actor_hint, operation,
        resource_type, outcome, status, diff)
      WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
      SELECT ?2, (SELECT coalesce(max(seq), 0) FROM changes WHERE tenant_key = ?2) + n, ?3, 'r', ?5, '', '',
        'create', 'User', ?4, 201, '[]' FROM numbers`,
  )
    .bind(count, key, iso(now - hoursAgo * HOUR_MS), outcome, actor)
    .run();

const used = ({ key }: MintedTenant, id: string, at: number) =>
  env.DB.prepare("UPDATE credentials SET last_used_at = ? WHERE tenant_key = ? AND id = ?")
    .bind(iso(at), key, id)
    .run();

const lives = ({ key }: MintedTenant, id: string, from: number, to: number) =>
  env.DB.prepare(
    "UPDATE credentials SET created_at = ?1, expires_at = ?2, issued_until = ?2 WHERE tenant_key = ?3 AND id = ?4",
  )
    .bind(iso(from), iso(to), key, id)
    .run();

afterEach(() => {
  now = Date.now();
});

describe("a tenant in order", () => {
  it("has no alerts, and costs no write", async () => {
    const tenant = await mintTenant();
    await tenant.scim.post("/Users", { userName: "ana" });
    await journal(tenant, "refused", 19, 0);
    let written = 0;
    const database = interceptD1(env.DB, async ({ statements, send }) => {
      const results = await send();
      const isLease = statements.some(({ sql }) => sql.includes('"leases"'));
      for (const { meta } of isLease ? [] : results) written += meta.rows_written;
      return results;
    });
    await watch(database);
    expect(await alertsOf(tenant)).toEqual([]);
    expect(written).toBe(0);
  });
});

describe("refusals", () => {
  it("raise an alert that ends by itself when the hour is over", async () => {
    const tenant = await mintTenant();
    await journal(tenant, "applied", 500, 2);
    await journal(tenant, "refused", 500, 2);
    await journal(tenant, "applied", 59, 0.5);
    await journal(tenant, "refused", 20, 0.5);
    await watch();
    await watch();
    expect(await alertsOf(tenant)).toEqual([
      {
        id: expect.any(String),
        kind: "errors",
        subject: "",
        raisedAt: iso(now),
        resolvedAt: null,
        detail: expect.stringContaining("20 of the newest 79 changes"),
      },
    ]);
    now += HOUR_MS;
    await watch();
    expect(await alertsOf(tenant)).toMatchObject([{ kind: "errors", resolvedAt: iso(now) }]);
  });

  it("raise none when they are a quarter of all", async () => {
    const tenant = await mintTenant();
    await journal(tenant, "refused", 40, 0.1);
    await journal(tenant, "applied", 120, 0.1);
    await watch();
    expect(await openOf(tenant)).toEqual([]);
  });

  it("are those of an identity provider only", async () => {
    const tenant = await mintTenant();
    await journal(tenant, "refused", 30, 0.1, "admin");
    await watch();
    expect(await openOf(tenant)).toEqual([]);
  });

  it("are looked at up to a limit, however many there are", async () => {
    const tenant = await mintTenant();
    await journal(tenant, "applied", 1_000, 0.2);
    await journal(tenant, "refused", 5_000, 0.1);
    let read = 0;
    const database = interceptD1(env.DB, async ({ send }) => {
      const results = await send();
      for (const { meta } of results) read += meta.rows_read;
      return results;
    });
    await watch(database);
    expect(await openOf(tenant)).toEqual([["errors", ""]]);
    expect(read).toBeLessThan(4_000);
  });

  it("raise one also where an administrator has just done much more", async () => {
    const tenant = await mintTenant();
    await journal(tenant, "refused", 30, 0.2);
    await journal(tenant, "applied", 3_000, 0.1, "admin");
    await watch();
    expect(await alertsOf(tenant)).toMatchObject([
      { kind: "errors", detail: expect.stringContaining("30 of the newest 30 changes") },
    ]);
  });
});

describe("a sync that stops", () => {
  it("is told of after a day, and the alert ends with the next request", async () => {
    const tenant = await mintTenant();
    now += 40 * DAY_MS;
    await used(tenant, tenant.id, now - 23 * HOUR_MS);
    await watch();
    expect(await openOf(tenant)).toEqual([]);
    now += HOUR_MS;
    await watch();
    await watch();
    expect(await openOf(tenant)).toEqual([["silence", ""]]);
    await used(tenant, tenant.id, now);
    await watch();
    expect(await openOf(tenant)).toEqual([]);
    expect(await alertsOf(tenant)).toHaveLength(1);
  });

  it("is told of when the token was replaced by one that nobody has pasted", async () => {
    const tenant = await mintTenant();
    now += 40 * DAY_MS;
    await used(tenant, tenant.id, now - 2 * DAY_MS);
    await issueToken(tenant.slug);
    await admin("DELETE", `/tenants/${tenant.slug}/tokens/${tenant.id}`);
    await watch();
    expect(await openOf(tenant)).toEqual([["silence", ""]]);
  });

  it.each(["admin", "reader"])("is not hidden by a key of kind %s that is in use", async (role) => {
    const tenant = await mintTenant();
    const body = { name: "Product", role };
    const key = await admin("POST", `/tenants/${tenant.slug}/admin-keys`, body);
    now += 40 * DAY_MS;
    await used(tenant, tenant.id, now - 2 * DAY_MS);
    await used(tenant, key.id, now);
    await watch();
    expect(await openOf(tenant)).toEqual([["silence", ""]]);
  });

  it("is not told of where a key is all that is left", async () => {
    const tenant = await mintTenant();
    await admin("POST", `/tenants/${tenant.slug}/admin-keys`, { name: "Product", role: "reader" });
    await used(tenant, tenant.id, now);
    await admin("DELETE", `/tenants/${tenant.slug}/tokens/${tenant.id}`);
    now += 2 * DAY_MS;
    await watch();
    expect(await openOf(tenant)).toEqual([]);
  });

  it("is not told of while the tenant is paused", async () => {
    const tenant = await mintTenant();
    now += 40 * DAY_MS;
    await used(tenant, tenant.id, now - 2 * DAY_MS);
    await tenant.change({ status: "paused" });
    await watch();
    expect(await openOf(tenant)).toEqual([]);
  });
});

describe("a token that ends", () => {
  it("is told of a month, a week and a day before, one alert at a time", async () => {
    const tenant = await mintTenant();
    const end = now + 60 * DAY_MS;
    await lives(tenant, tenant.id, now - 300 * DAY_MS, end);
    await watch();
    expect(await openOf(tenant)).toEqual([]);
    for (const days of [30, 7, 1]) {
      now = end - days * DAY_MS;
      await watch();
      await watch();
      expect(await openOf(tenant)).toEqual([["expiring-token", `${tenant.id}:${days}`]]);
    }
    now = end + DAY_MS;
    await watch();
    expect(await alertsOf(tenant)).toHaveLength(3);
    await admin("DELETE", `/tenants/${tenant.slug}/tokens/${tenant.id}`);
    await watch();
    expect(await openOf(tenant)).toEqual([]);
  });

  it("is not told of when a newer one has been used since", async () => {
    const tenant = await mintTenant();
    const { id } = await issueToken(tenant.slug);
    await lives(tenant, tenant.id, now - 300 * DAY_MS, now + 5 * DAY_MS);
    await used(tenant, tenant.id, now - 2 * HOUR_MS);
    await used(tenant, id, now - HOUR_MS);
    await watch();
    expect(await openOf(tenant)).toEqual([]);
    await used(tenant, tenant.id, now);
    await watch();
    expect(await openOf(tenant)).toEqual([["expiring-token", `${tenant.id}:7`]]);
  });

  it("is told of on its last day when it was rotated and nobody has pasted the new one", async () => {
    const tenant = await mintTenant();
    await used(tenant, tenant.id, now);
    await admin("POST", `/tenants/${tenant.slug}/tokens/${tenant.id}/rotate`, {});
    const start = now;
    const later = async (hours: number) => {
      now = start + hours * HOUR_MS;
      await used(tenant, tenant.id, now);
      await watch();
      return openOf(tenant);
    };
    expect(await later(1)).toEqual([]);
    expect(await later(130)).toEqual([]);
    expect(await later(150)).toEqual([["expiring-token", `${tenant.id}:1`]]);
  });

  it("is no credential of another kind", async () => {
    const tenant = await mintTenant();
    const path = `/tenants/${tenant.slug}`;
    const made = [
      await admin("POST", `${path}/admin-keys`, { name: "Ada", role: "admin" }),
      await admin("POST", `${path}/admin-keys`, { name: "Product", role: "reader" }),
      await admin("POST", `${path}/setup-links`, { expiresInHours: 720 }),
    ];
    const access = await accessToken(await makeClient(tenant.slug));
    for (const { id } of made) await lives(tenant, id, now - 300 * DAY_MS, now + DAY_MS / 2);
    await env.DB.prepare(
      `UPDATE credentials SET created_at = ?1, expires_at = ?2, issued_until = ?2 WHERE tenant_key = ?3 AND kind = 'access'`,
    )
      .bind(iso(now - 300 * DAY_MS), iso(now + DAY_MS / 2), tenant.key)
      .run();
    expect((await tenant.through(callWorker(), { token: access }).get("/Users")).status).toBe(200);
    await watch();
    expect(await openOf(tenant)).toEqual([]);
  });

  it("is not told of when it was made for an hour", async () => {
    const tenant = await mintTenant();
    await lives(tenant, tenant.id, now, now + HOUR_MS);
    await watch();
    expect(await openOf(tenant)).toEqual([]);
  });
});

describe("the walk", () => {
  it.each([0, 0.5, 0.999])("passes every tenant, wherever it begins: %d", async (random) => {
    const tenants = await Promise.all([mintTenant(), mintTenant(), mintTenant()]);
    for (const tenant of tenants) await journal(tenant, "refused", 30, 0.1);
    await watch(env.DB, random);
    for (const tenant of tenants) expect(await openOf(tenant)).toEqual([["errors", ""]]);
  });

  it("leaves alerts of other kinds alone", async () => {
    const tenant = await mintTenant();
    const alert = { kind: "reconcile-brake", subject: "", detail: "" } as const;
    await raiseAlertIn(env.DB, { clock, ids })(tenant.key, alert);
    await watch();
    expect(await openOf(tenant)).toEqual([["reconcile-brake", ""]]);
  });

  it("writes nothing when it has lost its lease", async () => {
    const tenant = await mintTenant();
    await journal(tenant, "refused", 30, 0.1);
    const database = interceptD1(env.DB, async ({ statements, send }) => {
      if (statements.some(({ sql }) => sql.includes('INTO "alerts"'))) {
        await env.DB.prepare("UPDATE leases SET fencing = fencing + 1").run();
      }
      return send();
    });
    await watch(database);
    expect(await openOf(tenant)).toEqual([]);
  });

  it("leaves a tenant alone that moves to another database", async () => {
    const tenant = await mintTenant();
    await journal(tenant, "refused", 30, 0.1);
    await env.DB.prepare("UPDATE tenant_states SET moving_to = 'DB_1' WHERE tenant_key = ?")
      .bind(tenant.key)
      .run();
    await watch();
    const { results } = await env.DB.prepare("SELECT * FROM alerts WHERE tenant_key = ?")
      .bind(tenant.key)
      .all();
    expect(results).toEqual([]);
  });

  it("forgets who was counted in windows of the guard that are over", async () => {
    const { key } = await mintTenant();
    await env.DB.batch([
      env.DB.prepare(
        "INSERT INTO deactivation_windows (tenant_key, started_at, active_at_start, people) VALUES (?, 'b', 9, 1)",
      ).bind(key),
      env.DB.prepare(
        "INSERT INTO deactivations (tenant_key, window_started_at, user_id) VALUES (?1, 'a', 'ana'), (?1, 'b', 'bo')",
      ).bind(key),
    ]);
    await watch();
    const { results } = await env.DB.prepare(
      "SELECT user_id FROM deactivations WHERE tenant_key = ?",
    )
      .bind(key)
      .all();
    expect(results).toEqual([{ user_id: "bo" }]);
  });
});
