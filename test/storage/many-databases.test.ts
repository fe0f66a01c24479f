import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";

import { databasesAmong } from "../../src/storage/d1/databases.ts";
import { tablesOfTenants } from "../../src/storage/tables-of-tenants.ts";
import { mintToken } from "../../src/tenancy/token.ts";
import { callWorker } from "../call-worker.ts";
import {
  dumpOf,
  migrateSpares,
  placesOf,
  strayRows,
  columnsInSqlite,
  THREE,
} from "../many-databases.ts";
import { admin, issueToken, ORIGIN, SCIM_BASE } from "../mint-tenant.ts";
import {
  ENTERPRISE,
  filterOf,
  patchOf,
  readAnswer,
  scimClient,
  type Json,
} from "../scim-client.ts";
import { interceptD1 } from "./intercept-d1.ts";

beforeAll(migrateSpares);

const three = callWorker(THREE);

let made = 0;
async function create(transport = three, fields: Json = {}): Promise<{ slug: string; id: string }> {
  const slug = `spread-${++made}`;
  const answer = await admin("POST", "/tenants", { slug, name: slug, ...fields }, transport);
  expect(answer.status, answer.text).toBe(201);
  return { slug, id: answer.id };
}

/** A tenant in DB_1, which is the only other database then and holds less than DB. */
async function createInDb1(fields: Json = {}) {
  const tenant = await create(callWorker({ DB: fuller(env.DB), DB_1: env.SPARE_1 }), fields);
  expect(await placesOf(tenant.id)).toEqual(["DB_1"]);
  const { token, id } = await issueToken(tenant.slug, {}, three);
  return { ...tenant, token, tokenId: id, scim: scimClient(SCIM_BASE, token, three) };
}

/** A database that says of itself that it holds more, or less. */
const sized = (database: D1Database, bytes: number): D1Database =>
  interceptD1(database, async ({ send }) =>
    (await send()).map((result) => ({ ...result, meta: { ...result.meta, size_after: bytes } })),
  );
const fuller = (database: D1Database) => sized(database, 1e9);

describe("a new tenant", () => {
  const sizes = (DB: number, DB_1: number, DB_2: number) =>
    callWorker({
      DB: sized(THREE.DB, DB),
      DB_1: sized(THREE.DB_1, DB_1),
      DB_2: sized(THREE.DB_2, DB_2),
    });

  it.each([
    ["DB", 10, 20, 30],
    ["DB_1", 30, 10, 20],
    ["DB_2", 20, 30, 10],
  ] as const)(
    "goes to %s where that holds the fewest bytes (%i, %i, %i)",
    async (place, ofDb, ofDb1, ofDb2) => {
      const { slug, id } = await create(sizes(ofDb, ofDb1, ofDb2));
      expect(await placesOf(id)).toEqual([place]);
      expect((await admin("GET", `/tenants/${slug}`, undefined, three)).status).toBe(200);
    },
  );

  it("goes to the fewest tenants where the bytes are the same, and to the first of those", async () => {
    const counts = async () => {
      const { results } = await env.DB.prepare(
        "SELECT database, count(*) AS n FROM tenants GROUP BY database",
      ).all<{ database: string; n: number }>();
      return new Map(results.map(({ database, n }) => [database, n]));
    };
    for (let count = 0; count < 5; count++) {
      const before = await counts();
      const [fewest] = Object.keys(THREE).toSorted(
        (a, b) => (before.get(a) ?? 0) - (before.get(b) ?? 0),
      );
      const { id } = await create(sizes(7, 7, 7));
      expect(await placesOf(id)).toEqual([fewest]);
    }
  });

  it("does not go to a database that cannot answer", async () => {
    const down = interceptD1(env.SPARE_1, () => Promise.reject(new Error("D1_ERROR: down")));
    const { id } = await create(callWorker({ DB: fuller(env.DB), DB_1: down, DB_2: env.SPARE_2 }));
    expect(await placesOf(id)).toEqual(["DB_2"]);
  });

  it("takes one round trip where there is one database", async () => {
    let trips = 0;
    const counted = interceptD1(env.DB, ({ send }) => {
      trips += 1;
      return send();
    });
    await create(callWorker({ DB: counted }));
    expect(trips).toBe(1);
  });

  it("is a 409 where its slug is taken, in whichever database that is, and leaves nothing", async () => {
    const { slug } = await create(sizes(1, 2, 2));
    for (const transport of [sizes(1, 2, 2), sizes(2, 1, 2), sizes(2, 2, 1)]) {
      const again = await admin("POST", "/tenants", { slug, name: slug }, transport);
      expect(again.status).toBe(409);
    }
    expect(await unlisted()).toEqual([]);
  });

  it("is made once by many at the same time", async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        admin("POST", "/tenants", { slug: "at-once", name: "At once" }, sizes(2, 1, 1)),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
    expect(await unlisted()).toEqual([]);
  });

  it("is not there, and its slug is free, after the control database failed", async () => {
    const DB = interceptD1(fuller(env.DB), ({ statements, send }) =>
      statements.some(({ sql }) => sql.includes("INSERT"))
        ? Promise.reject(new Error("D1_ERROR: down"))
        : send(),
    );
    const body = { slug: "half-made", name: "Half made" };
    const transport = callWorker({ DB, DB_1: env.SPARE_1 });
    expect((await admin("POST", "/tenants", body, transport)).status).toBe(503);
    expect((await admin("GET", "/tenants/half-made", undefined, three)).status).toBe(404);
    expect((await admin("POST", "/tenants", body, three)).status).toBe(201);
  });

  /** Tenants that have a state somewhere and no row in the list. */
  async function unlisted(): Promise<string[]> {
    const listed = await env.DB.prepare("SELECT id FROM tenants").all<{ id: string }>();
    const known = new Set(listed.results.map(({ id }) => id));
    const states = await Promise.all(
      [env.SPARE_1, env.SPARE_2].map((database) =>
        database.prepare("SELECT tenant_id FROM tenant_states").all<{ tenant_id: string }>(),
      ),
    );
    return states
      .flatMap(({ results }) => results.map((row) => row.tenant_id))
      .filter((id) => !known.has(id));
  }
});

describe("a tenant that does not live in the control database", () => {
  const FORGETFUL = new Proxy(env.TOKENS, {
    get: (target, name) =>
      name === "get" ? async () => null : Reflect.get(target, name).bind(target),
  });

  it.each([
    ["KV", {}],
    ["D1, because KV has forgotten it", { TOKENS: FORGETFUL }],
  ])("is served by token, found through %s", async (_how, overrides) => {
    const { slug, id, token } = await createInDb1({
      preset: "training",
      settings: { ssoActive: true },
    });
    const transport = callWorker({ ...THREE, ...overrides });
    const own = `${ORIGIN}/api/v1/tenants/${slug}/scim/v2`;
    const scim = scimClient(SCIM_BASE, token, transport);
    const ana = await scim.post("/Users", {
      userName: "ana@example.com",
      [ENTERPRISE]: { department: "Retail" },
    });
    expect(ana.status, ana.text).toBe(201);
    const group = await scim.post("/Groups", {
      displayName: "Staff",
      members: [{ value: ana.id }],
    });
    expect(group.status).toBe(201);
    expect((await scimClient(own, token, transport).get(`/Users/${ana.id}`)).body).toMatchObject({
      groups: [{ value: group.id }],
    });
    const found = await scim.get(`/Users?${filterOf('userName eq "ANA@example.com"')}`);
    expect(found.resources.map((user) => user["id"])).toEqual([ana.id]);
    const patch = patchOf({ op: "replace", path: "title", value: "Nurse" });
    expect((await scim.patch(`/Users/${ana.id}`, patch)).body).toMatchObject({ title: "Nurse" });
    const put = await scim.put(`/Users/${ana.id}`, { userName: "ana.gil@example.com" });
    expect(put.body).not.toHaveProperty("title");
    expect((await scim.get("/Schemas")).status).toBe(200);
    expect((await scim.delete(`/Users/${ana.id}`)).status).toBe(204);
    expect((await scim.get(`/Users/${ana.id}`)).status).toBe(404);
    const dump = await dumpOf("DB_1", id);
    expect(dump).toMatchObject({ users: [], groups: [{}], credentials: [{}] });
    expect(dump?.["changes"]?.length).toBeGreaterThanOrEqual(5);
  });

  it("has tokens that are issued, listed, used and revoked", async () => {
    const { slug, token, tokenId, scim } = await createInDb1();
    expect((await scim.get("/Users")).status).toBe(200);
    const other = await issueToken(slug, { name: "Other" }, three);
    const list = await admin("GET", `/tenants/${slug}/tokens`, undefined, three);
    expect(list.body["items"]).toMatchObject([
      { id: tokenId, lastUsedAt: expect.any(String) },
      { id: other.id, lastUsedAt: null },
    ]);
    const revoked = await admin("DELETE", `/tenants/${slug}/tokens/${tokenId}`, undefined, three);
    expect(revoked.status).toBe(204);
    expect((await scim.get("/Users")).status).toBe(401);
    expect(
      (
        await scimClient(SCIM_BASE, token, callWorker({ ...THREE, TOKENS: FORGETFUL })).get(
          "/Users",
        )
      ).status,
    ).toBe(401);
    expect((await scimClient(SCIM_BASE, other.token, three).get("/Users")).status).toBe(200);
  });

  it("is listed, changed and administered like any other", async () => {
    const { slug, scim } = await createInDb1({ organisation: "Spread" });
    const here = await create(callWorker(), { organisation: "Spread" });
    const list = await admin("GET", "/tenants?organisation=Spread", undefined, three);
    expect(list.body["items"]).toMatchObject([{ slug }, { slug: here.slug }]);
    const change = { name: "Renamed", status: "suspended", settings: { groups: "off" } };
    const changed = await admin("PATCH", `/tenants/${slug}`, change, three);
    expect(changed.body).toMatchObject({ name: "Renamed", status: "suspended" });
    expect((await scim.get("/Users")).status).toBe(403);
    await admin("PATCH", `/tenants/${slug}`, { status: "active" }, three);
    expect((await scim.get("/Users")).status).toBe(200);
    const enrolled = await admin(
      "POST",
      `/tenants/${slug}/users`,
      { email: "bo@example.com" },
      three,
    );
    expect(enrolled.status, enrolled.text).toBe(201);
  });

  it("has schemas and resource types of its own", async () => {
    const { slug, scim } = await createInDb1();
    const BADGE = "urn:example:scim:schemas:Badge";
    const attributes = [{ name: "number", type: "integer", uniqueness: "server" }];
    const schema = { name: "Badge", description: "Opens doors.", attributes };
    const type = { endpoint: "/Badges", description: "Badges.", schema: BADGE };
    expect((await admin("PUT", `/tenants/${slug}/schemas/${BADGE}`, schema, three)).status).toBe(
      200,
    );
    expect((await admin("PUT", `/tenants/${slug}/resource-types/Badge`, type, three)).status).toBe(
      200,
    );
    const badge = { schemas: [BADGE], number: 7 };
    expect((await scim.post("/Badges", badge)).status).toBe(201);
    expect((await scim.post("/Badges", badge)).status).toBe(409);
  });

  it("may be the one of the deployment's own token", async () => {
    const SCIM_TOKEN = mintToken(crypto.getRandomValues(new Uint8Array(32)));
    const DB = fuller(env.DB);
    const transport = callWorker({
      DB,
      DB_1: env.SPARE_1,
      SCIM_TOKEN,
      DEFAULT_TENANT: "of-spares",
    });
    const scim = scimClient(SCIM_BASE, SCIM_TOKEN, transport);
    const answers = await Promise.all(Array.from({ length: 4 }, () => scim.get("/Users")));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const tenant = await admin("GET", "/tenants/of-spares", undefined, three);
    expect(await placesOf(tenant.id)).toEqual(["DB_1"]);
    expect((await scim.post("/Users", { userName: "ana" })).status).toBe(201);
  });

  it("is an error of the configuration where its database is not listed", async () => {
    const { slug, token } = await createInDb1();
    const one = callWorker({ TOKENS: FORGETFUL });
    expect((await scimClient(SCIM_BASE, token, one).get("/Users")).status).toBe(500);
    expect((await admin("GET", `/tenants/${slug}`, undefined, one)).status).toBe(500);
    expect(() => databasesAmong({ DB: env.DB }).named("DB_1")).toThrow(/DB_1.*wrangler\.toml/);
  });
});

describe("the databases of a deployment", () => {
  it("are DB and all that are numbered, in the order of their numbers", () => {
    const bindings = { DB_10: env.DB, DB_2: env.DB, DB: env.DB, DB_X: env.DB, DBX: env.DB };
    expect(databasesAmong({ ...bindings, DB_1: undefined }).names).toEqual(["DB", "DB_2", "DB_10"]);
  });

  it("are all named by /healthz, with the lowest version of their schemas", async () => {
    const newest = env.TEST_MIGRATIONS.map(({ name }) => name)
      .sort()
      .at(-1);
    const health = async (overrides: Partial<Env>) =>
      readAnswer(await callWorker(overrides)(new Request(`${ORIGIN}/healthz`)));
    const bindings = { ASSETS: true, DB: true, DB_1: true, DB_2: true, TOKENS: true };
    expect((await health(THREE)).body).toEqual({ status: "ok", schemaVersion: newest, bindings });
    const [last] = await env.SPARE_1.batch<{ id: number; name: string }>([
      env.SPARE_1.prepare("SELECT * FROM d1_migrations WHERE name = ?").bind(newest),
      env.SPARE_1.prepare("DELETE FROM d1_migrations WHERE name = ?").bind(newest),
    ]);
    const behind = await health(THREE);
    await env.SPARE_1.prepare("INSERT INTO d1_migrations (id, name) VALUES (?, ?)")
      .bind(last?.results[0]?.id, newest)
      .run();
    expect(behind.body["schemaVersion"]).toBe(
      env.TEST_MIGRATIONS.map(({ name }) => name)
        .sort()
        .at(-2),
    );
    const empty = new Proxy(env.SPARE_1, {
      get: () => () => {
        throw new Error("D1_ERROR: no such table");
      },
    });
    const unset = await health({ ...THREE, DB_1: empty });
    expect([unset.status, unset.body["detail"]]).toEqual([
      503,
      expect.stringContaining("apply DB_1 "),
    ]);
  });

  it("hold no table with rows of tenants that a move would forget", async () => {
    const inSqlite = await columnsInSqlite(env.DB);
    expect([...inSqlite.keys()]).toContain("tenant_states");
    inSqlite.delete("tenant_states");
    const moved = new Map(
      tablesOfTenants().map(({ name, columns }) => [name, ["tenant_key", ...columns].sort()]),
    );
    expect(moved).toEqual(new Map([...inSqlite].map(([name, columns]) => [name, columns.sort()])));
  });

  it("keep nothing of tenants that they do not know", async () => {
    expect(await Promise.all([strayRows("DB"), strayRows("DB_1"), strayRows("DB_2")])).toEqual([
      [],
      [],
      [],
    ]);
  });
});
