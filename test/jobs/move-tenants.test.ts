import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it, vi } from "vitest";

import { moveTenants } from "../../src/jobs/move-tenants.ts";
import { admissionStore } from "../../src/storage/tenancy/admission-store.ts";
import { reconcileDepartments } from "../../src/jobs/reconcile-departments.ts";
import { databasesAmong } from "../../src/storage/d1/databases.ts";
import { movePlaces } from "../../src/storage/moves/move-places.ts";
import { CHUNK_LIMITS } from "../../src/storage/moves/move-rows.ts";
import { moveStore } from "../../src/storage/moves/move-store.ts";
import { reconciliationStore } from "../../src/storage/reconciliation/reconciliation-store.ts";
import { tenantDatabase } from "../../src/storage/d1/tenant-database.ts";
import { tenantStore } from "../../src/storage/tenancy/tenant-store.ts";
import { TenantFenced } from "../../src/tenancy/fence.ts";
import { moveEntry } from "../../src/tenancy/move-entry.ts";
import { type HeldMove, LeaseLost } from "../../src/tenancy/move-ports.ts";
import { TenantMoving } from "../../src/tenancy/tenant-moving.ts";
import { uuidV7 } from "../../src/tenancy/uuid-v7.ts";
import worker from "../../src/worker.ts";
import { callWorker, workerEnv } from "../call-worker.ts";
import {
  columnsInSqlite,
  dumpOf,
  isAboutMove,
  migrateSpares,
  PLACES,
  type Place,
  placesOf,
  strayRows,
  THREE,
} from "../many-databases.ts";
import { admin, issueToken, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { seedPeople } from "../seed-people.ts";
import { ENTERPRISE, type Json } from "../scim-client.ts";
import { interceptD1, type Around } from "../storage/intercept-d1.ts";

beforeAll(migrateSpares);
// A test moves a tenant up to a hundred times.
vi.setConfig({ testTimeout: 60_000 });

const three = callWorker(THREE);
/** KV knows nothing: every request asks D1. */
const TOKENS = new Proxy(env.TOKENS, {
  get: (target, name) =>
    name === "get" ? () => Promise.resolve(null) : Reflect.get(target, name).bind(target),
});
const forgetful = callWorker({ ...THREE, TOKENS });
const LEASE_MS = 90_000;

let now = Date.now();
const clock = { now: () => now };
const ids = uuidV7(clock, (count) => crypto.getRandomValues(new Uint8Array(count)));

const BADGE = "urn:example:scim:schemas:Badge";

/** A tenant in DB with a row in every table that the API can fill today, and in the others by hand. */
async function inhabited(): Promise<MintedTenant> {
  const tenant = await mintTenant({ preset: "training", settings: { deactivationGuard: null } });
  const { scim, slug, key } = tenant;
  const attributes = [{ name: "number", type: "integer", uniqueness: "server" }];
  const schema = { name: "Badge", description: "Opens doors.", attributes };
  await admin("PUT", `/tenants/${slug}/schemas/${BADGE}`, schema);
  const type = { endpoint: "/Badges", description: "Badges.", schema: BADGE };
  await admin("PUT", `/tenants/${slug}/resource-types/Badge`, type);
  await scim.post("/Badges", { schemas: [BADGE], number: 7 });
  const person = async (userName: string, fields: Json = {}) =>
    (await scim.post("/Users", { userName, [ENTERPRISE]: { department: "Retail" }, ...fields })).id;
  const ana = await person("ana@example.com", { title: 'Nurse "für" alles \\ \u{1f600}' });
  const ben = await person("Bén@example.com", { active: false });
  const gone = await person("gone@example.com");
  await scim.delete(`/Users/${gone}`);
  await scim.post("/Groups", { displayName: "Staff", members: [{ value: ana }, { value: ben }] });
  const old = await scim.post("/Groups", { displayName: "Orphaned" });
  await scim.delete(`/Groups/${old.id}`);
  await scim.post("/Users", { userName: "ana@example.com" });
  await admin("POST", `/tenants/${slug}/users`, { email: "by.hand@example.com" });
  const { id } = await issueToken(slug, { name: "Revoked" });
  await admin("DELETE", `/tenants/${slug}/tokens/${id}`);
  await env.DB.prepare(
    "UPDATE departments SET orphaned_at = ?, orphaned_run = 41 WHERE tenant_key = ? AND name = 'Orphaned'",
  )
    .bind("2026-01-01T00:00:00.000Z", key)
    .run();
  await fillTheRest(key);
  return tenant;
}

/** One row in every table that has none yet: text for text, numbers for numbers. */
async function fillTheRest(key: number): Promise<void> {
  for (const [table, columns] of await columnsInSqlite(env.DB)) {
    const has = await env.DB.prepare(`SELECT 1 FROM "${table}" WHERE tenant_key = ?`)
      .bind(key)
      .first();
    if (has) continue;
    const values = columns.map((column) => (column === "tenant_key" ? String(key) : "'1'"));
    await env.DB.prepare(`INSERT INTO "${table}" VALUES (${values.join()})`).run();
  }
}

type Bound = Record<Place, D1Database>;

const iso = (time: number) => new Date(time).toISOString();
const portsOf = (bound: Bound = THREE, limits = CHUNK_LIMITS) => {
  const databases = databasesAmong(bound);
  return { moves: moveStore(databases), places: movePlaces(databases, limits) };
};

/** Goes on with all moves, as the cron trigger does. */
const run = (bound: Bound = THREE, limits = CHUNK_LIMITS): Promise<void> =>
  moveTenants({ ...portsOf(bound, limits), patienceMs: 60_000, clock, ids });

const unfinished = () => portsOf().moves.unfinished();

/** Leaves the tenant on its way: paused, and nothing copied yet. */
async function stopWhileCopying({ slug, tenantId }: MintedTenant, target: Place): Promise<void> {
  await begin(slug, target);
  const bound = intercepted(({ statements, send }) =>
    statements.some(({ sql }) => sql.includes("json_array("))
      ? Promise.reject(new Error("D1_ERROR: killed"))
      : send(),
  );
  await run(bound);
  const state = env.DB.prepare("SELECT state FROM moves WHERE tenant_id = ?").bind(tenantId);
  expect(await state.first("state")).toBe("copying");
}

async function reconcile(hoursLater: number): Promise<void> {
  now += hoursLater * 3_600_000;
  const stores = PLACES.map((place) => reconciliationStore(THREE[place]));
  await reconcileDepartments({ stores, graceHours: 24, trigger: "cron", clock, ids });
}

async function begin(slug: string, target: Place): Promise<string> {
  const tenant = await tenantStore(databasesAmong(THREE)).liveBySlug(slug);
  if (!tenant) throw new Error("No tenant.");
  return portsOf().moves.begin(tenant, target, iso(now), ASKED_BY);
}

/** What the journal of a tenant says of its moves, the oldest first. */
async function toldOfMoves(place: Place, tenantId: string): Promise<unknown[][]> {
  const { results } = await THREE[place]
    .prepare(
      `SELECT changes.* FROM changes JOIN tenant_states USING (tenant_key) WHERE tenant_id = ? ORDER BY seq`,
    )
    .bind(tenantId)
    .all<Json>();
  expect(results.map(({ seq }) => seq)).toEqual(results.map((_, at) => at + 1));
  return results
    .filter(isAboutMove)
    .map(({ actor_kind: kind, actor_id: id, request_id: request, reason }) => [
      kind,
      id,
      request,
      reason,
    ]);
}

/** So that the next move takes no more steps than this one. */
const forgetMoves = (place: Place) =>
  THREE[place].prepare("DELETE FROM changes WHERE request_id = ?").bind(ASKED_BY.requestId).run();

const ASKED_BY = {
  actor: { kind: "admin", id: "operator", hint: "ada@example.com" },
  requestId: "request-of-the-move",
} as const;
const told = (...reasons: string[]) =>
  reasons.map((reason) => ["admin", "operator", "request-of-the-move", reason]);
const begunTo = (target: Place) =>
  `The tenant is being moved to the database ${target}, and is paused until it has arrived.`;
const arrivedIn = (target: Place) => `The tenant has arrived in the database ${target}.`;
const givenUp = (target: Place, source: Place) =>
  `The move to the database ${target} was given up. The tenant stays in ${source}.`;

/** All three databases, every round trip to any of them through `around`. */
function intercepted(
  around: (trip: Parameters<Around>[0], place: Place) => ReturnType<Around>,
): Bound {
  const bound = PLACES.map((place) => [
    place,
    interceptD1(THREE[place], (trip) => around(trip, place)),
  ]);
  return Object.fromEntries(bound) as Bound;
}

/** Ends at the n-th round trip for good: before it is sent, or with the answer on its way. */
function killedAt(n: number, when: "before" | "after"): { bound: Bound; trips: () => number } {
  let trips = 0;
  const bound = intercepted(async ({ send }) => {
    trips += 1;
    if (trips < n) return send();
    if (trips === n && when === "after") await send();
    throw new Error("D1_ERROR: killed");
  });
  return { bound, trips: () => trips };
}

/** The tenant lives there whole, no other database has anything of it, and nobody moves it any more. */
async function expectAt(place: Place, tenantId: string, dump: unknown): Promise<void> {
  expect(await placesOf(tenantId)).toEqual([place]);
  expect(await dumpOf(place, tenantId)).toEqual(dump);
  expect(await Promise.all(PLACES.map(strayRows))).toEqual([[], [], []]);
  const control = await env.DB.batch([
    env.DB.prepare("SELECT database FROM tenants WHERE id = ?").bind(tenantId),
    env.DB.prepare("SELECT * FROM moves WHERE tenant_id = ?").bind(tenantId),
  ]);
  expect(control.map(({ results }) => results)).toEqual([[{ database: place }], []]);
}

describe("a move", () => {
  it("keeps every row of every table, and the token works with KV naming the old place", async () => {
    const tenant = await inhabited();
    const { slug, tenantId } = tenant;
    const scim = tenant.through(three);
    const before = await scim.get("/Users");
    expect(before.status).toBe(200);
    const dump = await dumpOf("DB", tenantId);
    for (const [table, rows] of Object.entries(dump ?? {}))
      expect([table, rows]).not.toEqual([table, []]);

    for (const database of ["DB_1", "DB_2", "DB"] as const) {
      const moved = await admin("POST", `/tenants/${slug}/move`, { database }, three);
      expect(moved.status, moved.text).toBe(202);
      expect(moved.body).toMatchObject({ slug, status: "active" });
      await expectAt(database, tenantId, dump);
      expect((await scim.get("/Users")).body).toEqual(before.body);
      expect((await scim.get("/Badges")).body["totalResults"]).toBe(1);
    }
    expect((await scim.post("/Users", { userName: "new@example.com" })).status).toBe(201);
  });
});

describe("a move that is killed", () => {
  /** So small that most tables take several steps, with the cursor inside of them. */
  const SMALL = { rows: 3, bytes: 4000 };

  it.each([
    ["before any round trip", 1, "before", CHUNK_LIMITS],
    ["behind any round trip", 1, "after", CHUNK_LIMITS],
    ["before any seventh round trip, of many small chunks,", 7, "before", SMALL],
    ["behind any eighth round trip, of many small chunks,", 8, "after", SMALL],
  ] as const)("%s is finished by the next run", async (_at, stride, when, limits) => {
    const { slug, tenantId } = await inhabited();
    const dump = await dumpOf("DB", tenantId);
    let at: Place = "DB";
    let wasKilled = true;
    for (let trip = 1; wasKilled; trip += stride) {
      const target: Place = at === "DB" ? "DB_1" : "DB";
      expect(await begin(slug, target)).toBe("moving");
      const killed = killedAt(trip, when);
      await run(killed.bound, limits).catch(() => undefined);
      // A run that was killed has not given its lease back.
      now += LEASE_MS;
      await run(THREE, limits);
      await expectAt(target, tenantId, dump);
      expect(await toldOfMoves(target, tenantId)).toEqual(told(begunTo(target), arrivedIn(target)));
      await forgetMoves(target);
      at = target;
      wasKilled = killed.trips() >= trip;
      expect(trip).toBeLessThan(500);
    }
  });

  it("again and again comes to its end, a round trip at a time", async () => {
    const { slug, tenantId } = await inhabited();
    const dump = await dumpOf("DB", tenantId);
    await begin(slug, "DB_2");
    // Three round trips take the lease; a step and its noting down take six at most.
    for (let runs = 0; (await unfinished()).length > 0; runs++) {
      await run(killedAt(10, "before").bound).catch(() => undefined);
      now += LEASE_MS;
      expect(runs).toBeLessThan(20);
    }
    await expectAt("DB_2", tenantId, dump);
  });
});

describe("while a tenant moves", () => {
  it("SCIM is paused, administrators read and do not write", async () => {
    const tenant = await inhabited();
    const { slug } = tenant;
    const scim = tenant.through(three);
    expect((await scim.get("/Users")).status).toBe(200);
    const dump = await dumpOf("DB", tenant.tenantId);
    await stopWhileCopying(tenant, "DB_1");
    const requests = [
      () => scim.get("/Users"),
      () => scim.post("/Users", { userName: "new@example.com" }),
      () => scim.get("/Schemas"),
      () => tenant.through(forgetful).get("/Users"),
    ];
    for (const request of requests) {
      const answer = await request();
      expect([answer.status, answer.headers.get("Retry-After")]).toEqual([503, "60"]);
      expect(answer.body["detail"]).toContain("being moved to another database");
    }
    const reads = ["", "/tokens", `/schemas/${BADGE}`, "/resource-types/Badge"];
    for (const path of reads) {
      const answer = await admin("GET", `/tenants/${slug}${path}`, undefined, three);
      expect([path, answer.status]).toEqual([path, 200]);
    }
    expect((await admin("GET", `/tenants/${slug}`, undefined, three)).body["status"]).toBe(
      "active",
    );
    const attributes = [{ name: "colour", type: "string" }];
    const writes: [string, string, Json?][] = [
      ["PATCH", "", { name: "Renamed" }],
      ["PATCH", "", { status: "paused" }],
      ["PATCH", "", { settings: { groups: "off" } }],
      ["POST", "/tokens", { name: "More" }],
      ["DELETE", `/tokens/${tenant.id}`],
      ["POST", "/users", { email: "more@example.com" }],
      ["PUT", `/schemas/${BADGE}:2`, { name: "Badge2", description: "x", attributes }],
      ["DELETE", "/resource-types/Badge"],
    ];
    for (const [method, path, body] of writes) {
      const answer = await admin(method, `/tenants/${slug}${path}`, body, three);
      expect([method, path, answer.status, answer.body["detail"]]).toEqual([
        method,
        path,
        409,
        expect.stringMatching(
          /being moved to another database; try again in a few minutes|has resources/,
        ),
      ]);
    }
    expect(await dumpOf("DB", tenant.tenantId)).toMatchObject({
      ...dump,
      tenant_states: [{ moving_to: "DB_1" }],
    });
    await run();
    await expectAt("DB_1", tenant.tenantId, dump);
    expect((await scim.get("/Users")).status).toBe(200);
    expect((await admin("PATCH", `/tenants/${slug}`, { name: "Renamed" }, three)).status).toBe(200);
  });

  it("the use of its token is not noted, and its departments are left alone", async () => {
    const tenant = await inhabited();
    const { tenantId } = tenant;
    await stopWhileCopying(tenant, "DB_1");
    const before = await dumpOf("DB", tenantId);
    const live = await tenantStore(databasesAmong(THREE)).liveBySlug(tenant.slug);
    if (!live) throw new Error("No tenant.");
    const credential = {
      id: tenant.id,
      kind: "token" as const,
      last4: "",
      scopes: [],
      expiresAt: null,
      lastUsedAt: null,
      clientId: null,
    };
    const cache = { get: () => Promise.resolve(undefined), put: () => Promise.resolve() };
    const newestPepper = async () => "";
    await admissionStore(databasesAmong(THREE), cache, () => undefined, newestPepper).noteUse(
      { digest: "", credential, tenant: { ...live, isMoving: false, epoch: live.epoch - 1 } },
      { at: iso(now), by: "entra", notSince: iso(now) },
    );
    await reconcile(48);
    expect(await dumpOf("DB", tenantId)).toEqual(before);
    await run();

    // Where it has arrived, the number of the run that marked its department means nothing.
    const orphaned = async () =>
      (await dumpOf("DB_1", tenantId))?.["departments"]?.find((row) => row["name"] === "Orphaned");
    expect(await orphaned()).toMatchObject({ retired_at: null });
    await reconcile(1);
    expect(await orphaned()).toMatchObject({ retired_at: expect.any(String) });
  });

  it("nobody writes behind the fence, also who knows the epoch of the pause", async () => {
    const tenant = await mintTenant();
    await stopWhileCopying(tenant, "DB_1");
    const live = await tenantStore(databasesAmong(THREE)).liveBySlug(tenant.slug);
    if (!live) throw new Error("No tenant.");
    expect(live).toMatchObject({ isMoving: true, status: "paused", database: "DB" });
    const { key, epoch } = live;
    const statement = sql`UPDATE tenant_counts SET users = 9 WHERE tenant_key = ${key}`;
    const job = tenantDatabase(env.DB, { key, epoch });
    await expect(job.write([statement])).rejects.toThrow(TenantFenced);
    await expect(tenantDatabase(env.DB, live).write([statement])).rejects.toThrow(TenantMoving);
    expect(await job.read([])).toEqual([]);
    expect(await dumpOf("DB", tenant.tenantId)).toMatchObject({ tenant_counts: [{ users: 0 }] });
    await run();
  });

  it("no job of the cron trigger writes anything of it", async () => {
    const tenant = await inhabited();
    await stopWhileCopying(tenant, "DB_1");
    const far = now + 30 * 24 * 3_600_000;
    // The move itself is somebody else's for that time.
    await portsOf().moves.take(tenant.tenantId, {
      holder: "x",
      now: iso(now),
      until: iso(2 * far),
    });
    const before = await dumpOf("DB", tenant.tenantId);
    for (const hours of [1, 26, 52, 24 * 30]) {
      vi.useFakeTimers({ toFake: ["Date"], now: now + hours * 3_600_000 });
      await worker.scheduled(createScheduledController(), workerEnv(THREE));
      vi.useRealTimers();
    }
    expect(await dumpOf("DB", tenant.tenantId)).toEqual(before);
    await env.DB.prepare("UPDATE leases SET expires_at = '' WHERE holder = 'x'").run();
    await run();
    expect(await placesOf(tenant.tenantId)).toEqual(["DB_1"]);
  });

  it("a write that was answered right before the pause is there, and one after it is refused", async () => {
    const tenant = await mintTenant();
    const scim = tenant.through(three);
    const answers: number[] = [];
    const bound = intercepted(async ({ statements, send }, place) => {
      const isPause = place === "DB" && statements.some(({ sql }) => sql.includes("moving_to = ?"));
      if (isPause) answers.push((await scim.post("/Users", { userName: "before" })).status);
      const results = await send();
      if (isPause) answers.push((await scim.post("/Users", { userName: "behind" })).status);
      return results;
    });
    await begin(tenant.slug, "DB_1");
    await run(bound);
    expect(answers).toEqual([201, 503]);
    expect(await placesOf(tenant.tenantId)).toEqual(["DB_1"]);
    const people = await scim.get("/Users");
    expect(people.resources.map((user) => user["userName"])).toEqual(["before"]);
  });

  it.each([
    ["pauses", 503, 0],
    ["has moved", 201, 1],
  ] as const)(
    "a write that was admitted before and is committed when the tenant %s is a %i",
    async (phase, status, people) => {
      const tenant = await mintTenant();
      expect((await tenant.through(three).get("/Users")).status).toBe(200);
      let once = true;
      const bound = intercepted(async ({ statements, send }) => {
        if (once && statements.some(({ sql }) => sql.includes('INSERT INTO "users"'))) {
          once = false;
          if (phase === "pauses") await stopWhileCopying(tenant, "DB_1");
          else {
            await begin(tenant.slug, "DB_1");
            await run();
          }
        }
        return send();
      });
      const answer = await tenant.through(callWorker(bound)).post("/Users", { userName: "ana" });
      expect(answer.status).toBe(status);
      await run();
      expect((await dumpOf("DB_1", tenant.tenantId))?.["users"]).toHaveLength(people);
      expect((await tenant.through(three).post("/Users", { userName: "ana" })).status).toBe(
        people === 0 ? 201 : 409,
      );
    },
  );

  it("many writes at the same time are applied, or refused, and none is lost", async () => {
    const tenant = await mintTenant();
    const scim = tenant.through(three);
    await begin(tenant.slug, "DB_1");
    const moving = run();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) => scim.post("/Users", { userName: `person-${at}` })),
    );
    await moving;
    for (const { status } of answers) expect([201, 503]).toContain(status);
    const made = answers.filter(({ status }) => status === 201).map(({ id }) => id);
    const found = await scim.get("/Users?count=100");
    expect(found.resources.map((user) => String(user["id"])).sort()).toEqual(made.sort());
    expect(await placesOf(tenant.tenantId)).toEqual(["DB_1"]);
  });
});

describe("who asks while a tenant changes its place", () => {
  /** Moves the tenant right before the first round trip that fits. */
  function movedBefore(
    slug: string,
    target: Place,
    fits: (sql: string, place: Place) => boolean,
  ): Bound {
    let once = true;
    return intercepted(async ({ statements, send }, place) => {
      if (once && statements.some(({ sql }) => fits(sql, place))) {
        once = false;
        await begin(slug, target);
        await run();
      }
      return send();
    });
  }

  it.each([
    [
      "SCIM by token",
      (tenant: MintedTenant, bound: Bound) =>
        tenant.through(callWorker({ ...bound, TOKENS })).get("/Users"),
    ],
    [
      "the administration",
      ({ slug }: MintedTenant, bound: Bound) =>
        admin("GET", `/tenants/${slug}`, undefined, callWorker(bound)),
    ],
    [
      "the list of tokens",
      ({ slug }: MintedTenant, bound: Bound) =>
        admin("GET", `/tenants/${slug}/tokens`, undefined, callWorker(bound)),
    ],
    [
      "the list of tenants",
      async ({ slug }: MintedTenant, bound: Bound) => {
        const list = await admin("GET", `/tenants?q=${slug}`, undefined, callWorker(bound));
        expect(list.body["items"]).toMatchObject([{ slug }]);
        return list;
      },
    ],
  ])("%s finds it at the new one", async (_who, ask) => {
    const tenant = await mintTenant();
    await begin(tenant.slug, "DB_1");
    await run();
    // The control database has named DB_1 when its state is asked for there.
    const bound = movedBefore(
      tenant.slug,
      "DB_2",
      (sql, place) => place === "DB_1" && sql.includes("tenant_states"),
    );
    expect((await ask(tenant, bound)).status).toBe(200);
    expect(await placesOf(tenant.tenantId)).toEqual(["DB_2"]);
  });

  const NUMBER = 900_000;
  async function renumber(place: Place, tenantId: string): Promise<void> {
    const state = THREE[place].prepare("SELECT tenant_key FROM tenant_states WHERE tenant_id = ?");
    const key = await state.bind(tenantId).first<number>("tenant_key");
    const set = (table: string, what: string) =>
      THREE[place].prepare(`UPDATE ${table} SET ${what} WHERE tenant_key = ?`).bind(key);
    await THREE[place].batch([
      set("tenant_counts", `tenant_key = ${NUMBER}`),
      set("credentials", `tenant_key = ${NUMBER}`),
      set("changes", `tenant_key = ${NUMBER}`),
      set("tenant_states", `tenant_key = ${NUMBER}, epoch = 5`),
    ]);
  }

  it.each([
    ["found", (sql: string) => sql.includes('"tenants" WHERE id = ?')],
    ["written", (sql: string) => sql.includes("overrides = ?")],
  ])(
    "a change is made at the new one, when it moves before it is %s, and never to a neighbour",
    async (_what, fits) => {
      const tenant = await mintTenant();
      const neighbour = await mintTenant();
      await begin(neighbour.slug, "DB_2");
      await run();
      // The same number and epoch as the tenant's, in the database that it goes to.
      await renumber("DB", tenant.tenantId);
      await renumber("DB_2", neighbour.tenantId);
      const before = await dumpOf("DB_2", neighbour.tenantId);
      const bound = movedBefore(tenant.slug, "DB_2", fits);
      const change = { settings: { groups: "off" }, name: "Renamed" };
      const changed = await admin("PATCH", `/tenants/${tenant.slug}`, change, callWorker(bound));
      expect(changed.body).toMatchObject({ name: "Renamed", settings: { groups: "off" } });
      expect(await placesOf(tenant.tenantId)).toEqual(["DB_2"]);
      expect((await tenant.through(three).get("/Groups")).body["totalResults"]).toBe(0);
      expect(await dumpOf("DB_2", neighbour.tenantId)).toEqual(before);
      await begin(neighbour.slug, "DB");
      await run();
    },
  );

  it("a revoked token stays revoked, whatever KV remembers", async () => {
    const tenant = await mintTenant();
    const scim = tenant.through(three);
    expect((await scim.get("/Users")).status).toBe(200);
    const { keys } = await env.TOKENS.list();
    const entries = await Promise.all(
      keys.map(async ({ name }) => ({ name, value: (await env.TOKENS.get(name)) ?? "" })),
    );
    await admin("DELETE", `/tenants/${tenant.slug}/tokens/${tenant.id}`, undefined, three);
    for (const database of ["DB_1", "DB"]) {
      await admin("POST", `/tenants/${tenant.slug}/move`, { database }, three);
      for (const { name, value } of entries) await env.TOKENS.put(name, value);
      expect((await scim.get("/Users")).status).toBe(401);
      expect((await tenant.through(forgetful).get("/Users")).status).toBe(401);
    }
  });

  it("a suspended tenant is suspended where it has arrived", async () => {
    const tenant = await mintTenant();
    await admin("PATCH", `/tenants/${tenant.slug}`, { status: "suspended" }, three);
    const moved = await admin("POST", `/tenants/${tenant.slug}/move`, { database: "DB_1" }, three);
    expect(moved.body["status"]).toBe("suspended");
    expect((await tenant.through(three).get("/Users")).status).toBe(403);
  });
});

describe("a copy that is not like the original", () => {
  /** Loses what is inserted into a table of the target, the first so many times. */
  function losing(table: string, times: number): Bound {
    let left = times;
    return intercepted(({ statements, send }, place) => {
      const isCopy = statements.some(
        ({ sql }) => sql.includes("FROM json_each(?)") && sql.includes(`INTO "${table}"`),
      );
      if (!isCopy || place !== "DB_1" || left === 0) return send();
      left -= 1;
      const kept = statements.filter(({ sql }) => !sql.includes(`INTO "${table}"`));
      return THREE[place].batch(
        kept.map(({ sql, values }) => THREE[place].prepare(sql).bind(...values)),
      );
    });
  }

  it("is made again", async () => {
    const { slug, tenantId } = await inhabited();
    const dump = await dumpOf("DB", tenantId);
    await begin(slug, "DB_1");
    await run(losing("group_members", 2));
    await expectAt("DB_1", tenantId, dump);
  });

  it("is given up after three times: the tenant stays where it is, and one line says so", async () => {
    const tenant = await inhabited();
    const { slug, tenantId } = tenant;
    const dump = await dumpOf("DB", tenantId);
    const lines: string[] = [];
    const log = vi
      .spyOn(console, "error")
      .mockImplementation((line: string) => void lines.push(line));
    await begin(slug, "DB_1");
    await run(losing("users", 3));
    log.mockRestore();
    await expectAt("DB", tenantId, dump);
    expect(await toldOfMoves("DB", tenantId)).toEqual(told(begunTo("DB_1"), givenUp("DB_1", "DB")));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        event: "move-abandoned",
        tenantId,
        source: "DB",
        target: "DB_1",
        state: "abandoning",
        failures: 3,
        stalls: 0,
      },
    ]);
    expect((await tenant.through(three).get("/Users")).status).toBe(200);
    expect((await admin("PATCH", `/tenants/${slug}`, { name: "Free" }, three)).status).toBe(200);
    const changed = await dumpOf("DB", tenantId);
    await admin("POST", `/tenants/${slug}/move`, { database: "DB_1" }, three);
    await expectAt("DB_1", tenantId, changed);
  });

  it("has a row too many, or one that differs", async () => {
    const ofTenant = "tenant_key = (SELECT tenant_key FROM tenant_states WHERE moving_to = 'DB_1')";
    const insertLast = (name: string) =>
      `INSERT INTO departments (tenant_key, id, name, name_key, origin, created_at)
        SELECT tenant_key, '~', ${name}, '~', origin, created_at FROM departments WHERE ${ofTenant} LIMIT 1`;
    for (const spoil of [
      insertLast("'~'"),
      insertLast("hex(zeroblob(15000))"),
      // Too long for the last chunk of its table.
      `INSERT INTO changes SELECT tenant_key, 999, at, request_id, actor_kind, actor_id, actor_hint, operation,
          resource_type, resource_id, outcome, status, scim_type, reason, hex(zeroblob(15000))
        FROM changes WHERE ${ofTenant} AND seq = 1`,
      `UPDATE users SET resource = json_set(resource, '$.title', 'other') WHERE ${ofTenant}`,
      `UPDATE tenant_counts SET users = users + 1 WHERE ${ofTenant}`,
      `DELETE FROM changes WHERE seq = 2 AND ${ofTenant}`,
    ]) {
      const { slug, tenantId } = await inhabited();
      const dump = await dumpOf("DB", tenantId);
      let spoilt = 0;
      const bound = intercepted(async ({ statements, send }, place) => {
        const isCompared =
          place === "DB_1" && statements.some(({ sql }) => sql.includes("json_array("));
        if (isCompared && spoilt === 0) {
          spoilt += 1;
          const { meta } = await env.SPARE_1.prepare(spoil).run();
          expect(meta.changes).toBeGreaterThan(0);
        }
        return send();
      });
      await begin(slug, "DB_1");
      await run(bound, { rows: 4, bytes: 20_000 });
      expect(spoilt).toBe(1);
      await expectAt("DB_1", tenantId, dump);
      await begin(slug, "DB");
      await run();
    }
  });
});

describe("a target that fails", () => {
  it("again and again gets no tenant, and the tenant goes on where it is", async () => {
    const tenant = await inhabited();
    const { slug, tenantId } = tenant;
    const dump = await dumpOf("DB", tenantId);
    const full = intercepted(({ statements, send }, place) =>
      place === "DB_1" && statements.some(({ sql }) => sql.includes("FROM json_each(?)"))
        ? Promise.reject(new Error("D1_ERROR: Exceeded maximum DB size"))
        : send(),
    );
    await begin(slug, "DB_1");
    for (let count = 0; count < 5; count++) {
      await run(full);
      expect((await tenant.through(three).get("/Users")).status).toBe(503);
    }
    await run(full);
    await expectAt("DB", tenantId, dump);
    expect((await tenant.through(three).get("/Users")).status).toBe(200);
  });

  it("before the tenant was paused does not pause it", async () => {
    const tenant = await mintTenant();
    const down = intercepted(({ send }, place) =>
      place === "DB_2" ? Promise.reject(new Error("D1_ERROR: down")) : send(),
    );
    await begin(tenant.slug, "DB_2");
    for (let count = 0; count < 6; count++) {
      await run(down);
      expect((await tenant.through(three).get("/Users")).status).toBe(200);
    }
    expect(await unfinished()).toEqual([]);
    // A run that slept before it asked for the pause comes too late.
    const { places } = portsOf();
    const place = { source: "DB", sourceKey: tenant.key, target: "DB_2", targetKey: null } as const;
    const state = { state: "pausing", cursor: null, epoch: 1, failures: 0, stalls: 0 } as const;
    const move = { tenantId: tenant.tenantId, by: ASKED_BY, ...state, ...place };
    const late = await places.pause(move, moveEntry(move, "begun", iso(now)));
    expect(late).toEqual({ epoch: 2, isPaused: false });
    expect((await tenant.through(three).get("/Users")).status).toBe(200);
    expect(await toldOfMoves("DB", tenant.tenantId)).toEqual(told(givenUp("DB_2", "DB")));
    await admin("POST", `/tenants/${tenant.slug}/move`, { database: "DB_2" }, three);
    expect(await placesOf(tenant.tenantId)).toEqual(["DB_2"]);
  });
});

describe("a tenant that is deleted", () => {
  const remove = (slug: string) =>
    admin("DELETE", `/tenants/${slug}?confirm=${slug}`, undefined, three);
  const purge = async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: now + 3_600_000 });
    await worker.scheduled(createScheduledController(), workerEnv(THREE));
    vi.useRealTimers();
    now += 3_600_000;
  };

  it("before it was paused arrives nowhere, and nothing of it is left", async () => {
    const tenant = await inhabited();
    await begin(tenant.slug, "DB_1");
    expect((await remove(tenant.slug)).status).toBe(204);
    await run();
    expect(await unfinished()).toEqual([]);
    expect(await placesOf(tenant.tenantId)).toEqual([]);
    await purge();
    expect(await Promise.all(PLACES.map(strayRows))).toEqual([[], [], []]);
    const key = env.DB.prepare("SELECT 1 FROM users WHERE tenant_key = ?").bind(tenant.key);
    expect(await key.first()).toBeNull();
  });

  it("while it moves is not: 409; afterwards it is", async () => {
    const tenant = await mintTenant();
    await stopWhileCopying(tenant, "DB_1");
    expect((await remove(tenant.slug)).status).toBe(409);
    await run();
    expect((await remove(tenant.slug)).status).toBe(204);
    await purge();
    expect(await placesOf(tenant.tenantId)).toEqual([]);
    expect(await Promise.all(PLACES.map(strayRows))).toEqual([[], [], []]);
  });
});

describe("two runs", () => {
  it("at the same time make one move", async () => {
    const { slug, tenantId } = await inhabited();
    const dump = await dumpOf("DB", tenantId);
    await begin(slug, "DB_1");
    await Promise.all([run(), run(), run()]);
    await expectAt("DB_1", tenantId, dump);
    expect(await toldOfMoves("DB_1", tenantId)).toEqual(told(begunTo("DB_1"), arrivedIn("DB_1")));
  });

  it("do not meet: one that slept changes nothing any more, anywhere", async () => {
    const tenant = await inhabited();
    const { slug, tenantId } = tenant;
    await begin(slug, "DB_1");
    const { moves, places } = portsOf();
    const entryOf = ({ move }: HeldMove) => moveEntry(move, "begun", iso(now));
    const lease = (holder: string) => ({ holder, now: iso(now), until: iso(now + LEASE_MS) });
    const taken = await moves.take(tenantId, lease("sleeper"));
    if (!taken) throw new Error("The lease was not free.");
    expect(await moves.take(tenantId, lease("other"))).toBeUndefined();
    const targetKey = await places.prepare(taken);
    const source = await places.pause(taken.move, entryOf(taken));
    const sleeper = await moves.advance(
      taken,
      { targetKey, epoch: source?.epoch ?? 0, state: "copying" },
      iso(now + LEASE_MS),
    );
    now += LEASE_MS;
    const awake = await moves.take(tenantId, lease("awake"));
    if (!awake) throw new Error("The lease did not end.");
    await places.claim(awake);
    const writes: [string, () => Promise<unknown>][] = [
      ["copy", () => places.copy(sleeper)],
      ["clear", () => places.clear(sleeper)],
      ["open", () => places.open(sleeper, entryOf(sleeper))],
      ["advance", () => moves.advance(sleeper, { state: "opening" }, iso(now))],
      ["leave", () => moves.advance(sleeper, { state: "leaving" }, iso(now))],
      ["end", () => moves.end(sleeper)],
    ];
    for (const [what, write] of writes) await expect(write(), what).rejects.toThrow(LeaseLost);
    await moves.release(awake);
    await run();
    const dump = await dumpOf("DB_1", tenantId);
    for (const [what, write] of writes.filter(([name]) => name !== "copy")) {
      await expect(write(), what).rejects.toThrow(LeaseLost);
    }
    // Nothing is left to be copied.
    expect(await places.copy(sleeper)).toBeUndefined();
    expect(await places.pause(taken.move, entryOf(taken))).toBeUndefined();
    expect(await places.resume(taken.move, entryOf(taken))).toBeUndefined();
    await places.discard(sleeper);
    await expectAt("DB_1", tenantId, dump);
    expect(await toldOfMoves("DB_1", tenantId)).toEqual(told(begunTo("DB_1"), arrivedIn("DB_1")));
  });

  it("do not meet: one that slept between reading and writing brings nobody back", async () => {
    const tenant = await mintTenant();
    const scim = tenant.through(three);
    const ana = await scim.post("/Users", { userName: "ana" });
    let slept = false;
    const bound = intercepted(async ({ statements, send }) => {
      if (!slept && statements.some(({ sql }) => sql.includes("FROM json_each(?)"))) {
        slept = true;
        now += LEASE_MS;
        await run();
        expect((await scim.delete(`/Users/${ana.id}`)).status).toBe(204);
      }
      return send();
    });
    await begin(tenant.slug, "DB_1");
    await run(bound);
    expect(slept).toBe(true);
    expect(await dumpOf("DB_1", tenant.tenantId)).toMatchObject({ users: [] });
    expect(await placesOf(tenant.tenantId)).toEqual(["DB_1"]);
  });
});

describe("a large tenant", () => {
  it("moves in several chunks, none of them near the limit of a value", async () => {
    const tenant = await mintTenant();
    const model = await tenant.scim.post("/Users", { userName: "model" });
    await seedPeople(tenant.key, model.id, 4500);
    const wide = { schemas: [], note: '"\\'.repeat(55_000) };
    for (const name of ["wide-1", "wide-2", "wide-3", "wide-4"]) {
      const made = await tenant.scim.post("/Users", { userName: name, "urn:example:wide": wide });
      expect(made.status, made.text).toBe(201);
    }
    const dump = await dumpOf("DB", tenant.tenantId);
    const chunks: number[] = [];
    const bound = intercepted(({ statements, send }) => {
      for (const { sql, values } of statements) {
        if (sql.includes('INTO "users"'))
          chunks.push(Math.max(...values.map((value) => String(value).length)));
      }
      return send();
    });
    await begin(tenant.slug, "DB_1");
    await run(bound);
    expect(chunks.length).toBeGreaterThan(4);
    expect(Math.max(...chunks)).toBeLessThan(2_000_000);
    await expectAt("DB_1", tenant.tenantId, dump);
  });
});

describe("POST /tenants/{slug}/move", () => {
  const move = (slug: string, database: unknown, transport = three) =>
    admin("POST", `/tenants/${slug}/move`, { database }, transport);

  it("changes nothing where the tenant is already", async () => {
    const tenant = await inhabited();
    const dump = await dumpOf("DB", tenant.tenantId);
    const answer = await move(tenant.slug, "DB");
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ slug: tenant.slug, id: tenant.tenantId });
    await expectAt("DB", tenant.tenantId, dump);
  });

  it("answers 404 for an unknown tenant, 422 for an unknown database or none", async () => {
    const tenant = await mintTenant();
    expect((await move("nobody", "DB_1")).status).toBe(404);
    for (const database of ["DB_7", "TOKENS", "", 7, undefined]) {
      const answer = await move(tenant.slug, database);
      expect([answer.status, answer.body["errors"]]).toMatchObject([422, [{ path: "database" }]]);
    }
    expect((await move(tenant.slug, "DB_1", callWorker())).status).toBe(422);
    expect(await placesOf(tenant.tenantId)).toEqual(["DB"]);
  });

  it("answers 409 while the tenant moves elsewhere, and 202 while it moves there", async () => {
    const tenant = await mintTenant();
    await stopWhileCopying(tenant, "DB_1");
    expect((await move(tenant.slug, "DB_2")).status).toBe(409);
    expect((await move(tenant.slug, "DB")).status).toBe(409);
    expect(await placesOf(tenant.tenantId)).toEqual(["DB", "DB_1"]);
    expect((await move(tenant.slug, "DB_1")).status).toBe(202);
    expect(await placesOf(tenant.tenantId)).toEqual(["DB_1"]);
  });

  it("answers 409 when the target lacks a migration, and pauses nothing", async () => {
    const tenant = await mintTenant();
    const newest = env.SPARE_2.prepare(
      "SELECT id, name FROM d1_migrations ORDER BY id DESC LIMIT 1",
    );
    const last = await newest.first<{ id: number; name: string }>();
    await env.SPARE_2.prepare("DELETE FROM d1_migrations WHERE id = ?").bind(last?.id).run();
    const answer = await move(tenant.slug, "DB_2");
    await env.SPARE_2.prepare("INSERT INTO d1_migrations (id, name) VALUES (?, ?)")
      .bind(last?.id, last?.name)
      .run();
    expect([answer.status, answer.body["detail"]]).toEqual([
      409,
      expect.stringContaining("apply DB_2"),
    ]);
    expect((await tenant.through(three).get("/Users")).status).toBe(200);
  });

  it("answers before the move has ended, and the cron trigger goes on with it", async () => {
    const tenant = await mintTenant();
    const dump = await dumpOf("DB", tenant.tenantId);
    const bound = killedAt(12, "before").bound;
    expect((await move(tenant.slug, "DB_1", callWorker(bound))).status).toBe(202);
    expect(await placesOf(tenant.tenantId)).toEqual(["DB", "DB_1"]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LEASE_MS });
    await worker.scheduled(createScheduledController(), workerEnv(THREE));
    vi.useRealTimers();
    await expectAt("DB_1", tenant.tenantId, dump);
  });
});
