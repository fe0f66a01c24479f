import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";

import { mintToken } from "../../src/tenancy/token.ts";
import { callWorker, workerEnv } from "../call-worker.ts";
import {
  admin,
  issueToken,
  mintTenant,
  ORIGIN,
  SCIM_BASE,
  throughTheDoor,
  type MintedTenant,
} from "../mint-tenant.ts";
import {
  patchOf,
  readAnswer,
  scimClient,
  type Answer,
  type Json,
  type ScimClient,
  type Transport,
} from "../scim-client.ts";
import { rowsIn, tenantRows } from "../tenant-rows.ts";

const randomToken = () => mintToken(crypto.getRandomValues(new Uint8Array(32)));

/** KV with some of its methods replaced. */
const kvWith = (
  replaced: Partial<Record<"get" | "put", (...args: never[]) => Promise<unknown>>>,
): KVNamespace =>
  new Proxy(env.TOKENS, {
    get(target, name) {
      if (name === "get" && replaced.get) return replaced.get;
      if (name === "put" && replaced.put) return replaced.put;
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });

/** The name and the value of a tenant's entries in KV. */
async function cached(slug: string): Promise<{ name: string; value: string }[]> {
  const { keys } = await env.TOKENS.list();
  const entries = await Promise.all(
    keys.map(async ({ name }) => ({ name, value: (await env.TOKENS.get(name)) ?? "" })),
  );
  return entries.filter(({ value }) => value.includes(`"slug":"${slug}"`));
}

/** As from an isolate that has just begun: it remembers no admission, and asks KV. */
const freshIsolate: Transport = (request) => callWorker({ TOKENS: kvWith({}) })(request);

/** A tenant whose admission lies in KV, and a way to put it back there after the tenant has changed. */
async function warmTenant(options: Parameters<typeof mintTenant>[0] = {}) {
  const tenant = await mintTenant(options);
  const direct = tenant.through(freshIsolate);
  expect((await direct.get("/Users")).status).toBe(200);
  const entries = await cached(tenant.slug);
  expect(entries).toHaveLength(1);
  const makeStale = async () => {
    for (const { name, value } of entries) await env.TOKENS.put(name, value);
  };
  return { tenant, direct, makeStale };
}

function expectRefusal(answer: Answer, status: number): void {
  expect(answer.status).toBe(status);
  expect(answer.headers.get("Content-Type")).toBe("application/scim+json");
  expect(answer.headers.get("Cache-Control")).toBe("no-store");
  expect(answer.body).toMatchObject({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    status: String(status),
    detail: expect.stringMatching(/\w/),
  });
}

function expectUnavailable(answer: Answer): void {
  expectRefusal(answer, 503);
  expect(answer.headers.get("Retry-After")).toMatch(/^[1-9]\d*$/);
}

afterEach(() => {
  vi.useRealTimers();
});

describe("KV", () => {
  const hang = () => new Promise<never>(() => undefined);
  const fail = () => Promise.reject(new Error("KV is down"));
  const throwAtOnce = (): never => {
    throw new Error("KV is down");
  };
  const modes: [string, Partial<Env>][] = [
    ["rejects", { TOKENS: kvWith({ get: fail, put: fail }) }],
    ["throws", { TOKENS: kvWith({ get: throwAtOnce, put: throwAtOnce }) }],
    ["hangs", { TOKENS: kvWith({ get: hang }) }],
    ["holds another shape", { TOKENS: kvWith({ get: () => Promise.resolve({ tenant: "x" }) }) }],
    ["holds text", { TOKENS: kvWith({ get: () => Promise.resolve("scim") }) }],
    ["has forgotten", { TOKENS: kvWith({ get: () => Promise.resolve(null) }) }],
  ];

  it.each(modes)("that %s refuses no valid token and admits no other", async (_mode, overrides) => {
    const tenant = await mintTenant();
    const made = await tenant.through(callWorker(overrides)).post("/Users", { userName: "ana" });
    expect(made.status).toBe(201);
    const stranger = tenant.through(callWorker(overrides), { token: randomToken() });
    expectRefusal(await stranger.get("/Users"), 401);
    expectRefusal(await stranger.post("/Users", { userName: "eve" }), 401);
    expect(await rowsIn("users", tenant.key)).toHaveLength(1);
  });

  it("is filled again after it was emptied", async () => {
    const { tenant, direct } = await warmTenant();
    for (const { name } of await cached(tenant.slug)) await env.TOKENS.delete(name);
    expect((await direct.get("/Users")).status).toBe(200);
    expect(await cached(tenant.slug)).toHaveLength(1);
  });

  it("is asked once a minute by an isolate, which refuses a revoked token all the same", async () => {
    const tenant = await mintTenant();
    let asked = 0;
    const counting = kvWith({
      get: (...args: Parameters<KVNamespace["get"]>) => {
        asked += 1;
        return env.TOKENS.get(...args);
      },
    });
    const scim = tenant.through(callWorker({ TOKENS: counting }));
    for (let request = 0; request < 3; request++) {
      expect((await scim.get("/Users")).status).toBe(200);
    }
    expect(asked).toBe(1);
    await admin("DELETE", `/tenants/${tenant.slug}/tokens/${tenant.id}`);
    expectRefusal(await scim.get("/Users"), 401);
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ["Date"] });
    await scim.get("/Users");
    expect(asked).toBe(2);
  });

  it("holds neither the token nor anything that leads to it", async () => {
    const { tenant } = await warmTenant();
    const [entry] = await cached(tenant.slug);
    const random = tenant.token.slice(5, 48);
    expect(JSON.stringify(entry)).not.toContain(random);
    expect(JSON.stringify(await env.DB.prepare("SELECT * FROM credentials").all())).not.toContain(
      random,
    );
  });

  it("is not asked, and D1 neither, for what cannot be a token", async () => {
    const unreachable = new Proxy(env.DB, { get: () => fail });
    const overrides = { DB: unreachable, TOKENS: kvWith({ get: throwAtOnce, put: throwAtOnce }) };
    const token = `${randomToken().slice(0, -1)}-`;
    expectRefusal(await scimClient(SCIM_BASE, token, callWorker(overrides)).get("/Users"), 401);
  });
});

describe("a stale KV entry", () => {
  const requests: [string, (scim: ScimClient, id: string, groupId: string) => Promise<Answer>][] = [
    ["GET /Users/{id}", (scim, id) => scim.get(`/Users/${id}`)],
    ["GET /Users", (scim) => scim.get("/Users")],
    ["GET /Users?filter", (scim) => scim.get("/Users?filter=userName eq ana")],
    ["POST /Users", (scim) => scim.post("/Users", { userName: "eve" })],
    ["PUT /Users/{id}", (scim, id) => scim.put(`/Users/${id}`, { userName: "eve" })],
    [
      "PATCH /Users/{id}",
      (scim, id) =>
        scim.patch(`/Users/${id}`, patchOf({ op: "replace", path: "title", value: "x" })),
    ],
    ["DELETE /Users/{id}", (scim, id) => scim.delete(`/Users/${id}`)],
    ["GET /Groups", (scim) => scim.get("/Groups")],
    ["POST /Groups", (scim) => scim.post("/Groups", { displayName: "New" })],
    [
      "PATCH /Groups/{id}",
      (scim, id, groupId) =>
        scim.patch(
          `/Groups/${groupId}`,
          patchOf({ op: "add", path: "members", value: [{ value: id }] }),
        ),
    ],
    ["DELETE /Groups/{id}", (scim, _id, groupId) => scim.delete(`/Groups/${groupId}`)],
    ["GET /ServiceProviderConfig", (scim) => scim.get("/ServiceProviderConfig")],
    ["GET /Schemas", (scim) => scim.get("/Schemas")],
    ["GET /ResourceTypes/User", (scim) => scim.get("/ResourceTypes/User")],
  ];

  it.each(requests)("of a revoked token admits no %s", async (_name, request) => {
    const { tenant, direct, makeStale } = await warmTenant();
    const user = await direct.post("/Users", { userName: "ana" });
    const group = await direct.post("/Groups", { displayName: "Staff" });
    await admin("DELETE", `/tenants/${tenant.slug}/tokens/${tenant.id}`);
    const before = await tenantRows(tenant.key);
    await makeStale();
    expectRefusal(await request(direct, user.id, group.id), 401);
    expect(await tenantRows(tenant.key)).toEqual(before);
  });

  it("of a revoked token admits nothing where a tenant has no groups and no row is read", async () => {
    const { tenant, direct, makeStale } = await warmTenant({ settings: { groups: "off" } });
    await admin("DELETE", `/tenants/${tenant.slug}/tokens/${tenant.id}`);
    await makeStale();
    expectRefusal(await direct.get("/Groups"), 401);
    expectRefusal(await direct.get("/Groups/any"), 401);
    expectRefusal(await direct.post("/Groups", { displayName: "x" }), 401);
  });

  it("of a revoked token is not written again by the request that it let in", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { tenant, direct, makeStale } = await warmTenant();
    await admin("DELETE", `/tenants/${tenant.slug}/tokens/${tenant.id}`);
    await makeStale();
    const [before] = await cached(tenant.slug);
    const used = await env.DB.prepare("SELECT last_used_at FROM credentials WHERE id = ?")
      .bind(tenant.id)
      .first();
    // Beyond the interval at which the use of a token is noted.
    vi.setSystemTime(Date.now() + 6 * 60_000);
    expectRefusal(await direct.get("/Users"), 401);
    expect(await cached(tenant.slug)).toEqual(before ? [before] : []);
    expect(
      await env.DB.prepare("SELECT last_used_at FROM credentials WHERE id = ?")
        .bind(tenant.id)
        .first(),
    ).toEqual(used);
  });

  it("is replaced by the first request that meets the fence, also when that notes the use of the token", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { tenant, direct, makeStale } = await warmTenant();
    await tenant.change({ settings: { unknownMembers: "reject" } });
    await makeStale();
    vi.setSystemTime(Date.now() + 6 * 60_000);
    expect((await direct.get("/Users")).status).toBe(200);
    const [entry] = await cached(tenant.slug);
    expect(entry?.value).toContain('"unknownMembers":"reject"');
  });
});

describe("a change of the tenant is in force at the next request, with a stale KV entry too:", () => {
  const types = (answer: Answer) => answer.resources.map((type) => type["name"]);
  const cases: {
    name: string;
    before: Json;
    change: Json;
    expectNow: (scim: ScimClient, tenant: MintedTenant) => Promise<void>;
  }[] = [
    {
      name: "unknown members are refused",
      before: {},
      change: { settings: { unknownMembers: "reject" } },
      async expectNow(scim) {
        expectRefusal(
          await scim.post("/Groups", { displayName: "x", members: [{ value: "nobody" }] }),
          400,
        );
      },
    },
    {
      name: "groups are switched off",
      before: {},
      change: { settings: { groups: "off" } },
      async expectNow(scim) {
        expect(types(await scim.get("/ResourceTypes"))).toEqual(["User"]);
        expectRefusal(await scim.post("/Groups", { displayName: "x" }), 403);
      },
    },
    {
      name: "groups are switched on, seen by the list",
      before: { groups: "off" },
      change: { settings: { groups: "plain" } },
      async expectNow(scim, tenant) {
        const other = await issueToken(tenant.slug);
        await tenant
          .through(throughTheDoor, { token: other.token })
          .post("/Groups", { displayName: "x" });
        expect((await scim.get("/Groups")).body["totalResults"]).toBe(1);
      },
    },
    {
      name: "groups are switched on, seen by a create",
      before: { groups: "off" },
      change: { settings: { groups: "plain" } },
      async expectNow(scim) {
        expect((await scim.post("/Groups", { displayName: "x" })).status).toBe(201);
      },
    },
    {
      name: "groups are switched on, seen by discovery",
      before: { groups: "off" },
      change: { settings: { groups: "plain" } },
      async expectNow(scim) {
        expect(types(await scim.get("/ResourceTypes"))).toEqual(["User", "Group"]);
      },
    },
    {
      name: "a person is excluded",
      before: {},
      change: { settings: { excludedEmails: ["boss@example.com"] } },
      async expectNow(scim) {
        expectRefusal(await scim.post("/Users", { userName: "Boss@example.com" }), 403);
      },
    },
    {
      name: "a person is not excluded any more",
      before: { excludedEmails: ["boss@example.com"] },
      change: { settings: { excludedEmails: [] } },
      async expectNow(scim) {
        expect((await scim.post("/Users", { userName: "boss@example.com" })).status).toBe(201);
      },
    },
    {
      name: "it is paused",
      before: {},
      change: { status: "paused" },
      async expectNow(scim) {
        expectUnavailable(await scim.get("/Users"));
        expectUnavailable(await scim.post("/Users", { userName: "ana" }));
        expectUnavailable(await scim.get("/Schemas"));
      },
    },
    {
      name: "it is suspended",
      before: {},
      change: { status: "suspended" },
      async expectNow(scim) {
        expectRefusal(await scim.get("/Users"), 403);
        expectRefusal(await scim.delete("/Users/any"), 403);
      },
    },
  ];

  it.each(cases.map((one) => [one.name, one] as const))("%s", async (_name, one) => {
    const { before, change, expectNow } = one;
    const { tenant, direct, makeStale } = await warmTenant({ settings: before });
    await tenant.change(change);
    await makeStale();
    await expectNow(direct, tenant);
  });

  it.each(["paused", "suspended"])("a tenant that was %s works again", async (status) => {
    const tenant = await mintTenant();
    const direct = tenant.through(callWorker());
    await tenant.change({ status });
    // The refusal itself refills KV: with an entry that is wrong as soon as the tenant is resumed.
    expect((await direct.get("/Users")).status).toBeGreaterThanOrEqual(400);
    expect((await direct.get("/Users")).status).toBeGreaterThanOrEqual(400);
    await tenant.change({ status: "active" });
    expect((await direct.get("/Users")).status).toBe(200);
  });

  it("a paused tenant changes nothing and loses nothing", async () => {
    const { tenant, direct, makeStale } = await warmTenant();
    const user = await direct.post("/Users", { userName: "ana" });
    await tenant.change({ status: "paused" });
    const before = await tenantRows(tenant.key);
    await makeStale();
    expectUnavailable(await direct.put(`/Users/${user.id}`, { userName: "eve" }));
    await makeStale();
    expectUnavailable(await direct.delete(`/Users/${user.id}`));
    expect(await tenantRows(tenant.key)).toEqual(before);
  });
});

describe("scopes", () => {
  const missing: [string, string[], (scim: ScimClient) => Promise<Answer>][] = [
    ["users:read", ["users:write", "groups:read", "groups:write"], (scim) => scim.get("/Users")],
    ["users:read", ["groups:read"], (scim) => scim.get("/Users/any")],
    ["users:write", ["users:read"], (scim) => scim.post("/Users", { userName: "x" })],
    ["users:write", ["users:read"], (scim) => scim.put("/Users/any", { userName: "x" })],
    ["users:write", ["users:read"], (scim) => scim.patch("/Users/any", patchOf())],
    ["users:write", ["users:read"], (scim) => scim.delete("/Users/any")],
    ["groups:read", ["users:read"], (scim) => scim.get("/Groups")],
    ["groups:write", ["groups:read"], (scim) => scim.post("/Groups", { displayName: "x" })],
    ["groups:write", ["groups:read", "users:write"], (scim) => scim.delete("/Groups/any")],
  ];
  it.each(missing)(
    "without %s is a 403 that names it (granted: %j)",
    async (scope, scopes, request) => {
      const tenant = await mintTenant();
      const { token } = await issueToken(tenant.slug, { scopes });
      const answer = await request(tenant.through(callWorker(), { token }));
      expectRefusal(answer, 403);
      expect(answer.body["detail"]).toContain(scope);
    },
  );

  it("let everything else through, discovery included", async () => {
    const tenant = await mintTenant();
    const { token } = await issueToken(tenant.slug, { scopes: ["groups:read"] });
    const scim = tenant.through(throughTheDoor, { token });
    expect((await scim.get("/Groups")).status).toBe(200);
    expect((await scim.get("/Schemas")).status).toBe(200);
  });
});

describe("a token that expires", () => {
  it("works until its moment and not from it on, from KV and from D1", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const tenant = await mintTenant();
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const { token } = await issueToken(tenant.slug, { expiresAt });
    const scim = tenant.through(callWorker(), { token });
    vi.setSystemTime(Date.now() + 59_999);
    expect((await scim.get("/Users")).status).toBe(200);
    vi.setSystemTime(Date.now() + 1);
    expectRefusal(await scim.get("/Users"), 401);
    const withoutKv = callWorker({ TOKENS: kvWith({ get: () => Promise.resolve(null) }) });
    expectRefusal(
      await tenant.through(withoutKv, { token }).post("/Users", { userName: "x" }),
      401,
    );
  });
});

describe("the deployment's own token (SCIM_TOKEN)", () => {
  const call = (token: string, overrides: Partial<Env>, base = SCIM_BASE) =>
    scimClient(base, token, callWorker(overrides));

  it("belongs to the tenant that DEFAULT_TENANT names, which its first use makes", async () => {
    const SCIM_TOKEN = randomToken();
    const overrides = { SCIM_TOKEN, DEFAULT_TENANT: "by-deployment" };
    const made = await call(SCIM_TOKEN, overrides).post("/Users", { userName: "ana" });
    expect(made.status).toBe(201);
    const own = `${ORIGIN}/api/v1/tenants/by-deployment/scim/v2`;
    expect((await call(SCIM_TOKEN, overrides, own).get(`/Users/${made.id}`)).status).toBe(200);
    const tenant = await admin("GET", "/tenants/by-deployment");
    expect(tenant.body).toMatchObject({ preset: "generic", status: "active" });
    const other = await mintTenant();
    const elsewhere = `${ORIGIN}/api/v1/tenants/${other.slug}/scim/v2`;
    expectRefusal(await call(SCIM_TOKEN, overrides, elsewhere).get("/Users"), 401);
  });

  it("is made once by many first requests at the same time", async () => {
    const SCIM_TOKEN = randomToken();
    const scim = call(SCIM_TOKEN, { SCIM_TOKEN, DEFAULT_TENANT: "all-at-once" });
    const answers = await Promise.all(Array.from({ length: 8 }, () => scim.get("/Users")));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
  });

  it("rotates: NEW,OLD admits both, NEW alone refuses the old one, whatever KV remembers", async () => {
    const [OLD, NEW] = [randomToken(), randomToken()];
    const DEFAULT_TENANT = "rotating";
    const both = { SCIM_TOKEN: `${NEW},${OLD}`, DEFAULT_TENANT };
    expect((await call(OLD, { SCIM_TOKEN: OLD, DEFAULT_TENANT }).get("/Users")).status).toBe(200);
    expect((await call(OLD, both).get("/Users")).status).toBe(200);
    expect((await call(NEW, both).get("/Users")).status).toBe(200);
    const after = { SCIM_TOKEN: NEW, DEFAULT_TENANT };
    expect((await call(NEW, after).get("/Users")).status).toBe(200);
    expectRefusal(await call(OLD, after).get("/Users"), 401);
    expectRefusal(await call(OLD, { SCIM_TOKEN: "", DEFAULT_TENANT }).get("/Users"), 401);
  });

  it("follows DEFAULT_TENANT to another tenant", async () => {
    const SCIM_TOKEN = randomToken();
    const first = call(SCIM_TOKEN, { SCIM_TOKEN, DEFAULT_TENANT: "home-a" });
    await first.post("/Users", { userName: "only-in-a" });
    const second = call(SCIM_TOKEN, { SCIM_TOKEN, DEFAULT_TENANT: "home-b" });
    expect((await second.get("/Users")).body["totalResults"]).toBe(0);
  });

  it("is refused where no tenant is named", async () => {
    const SCIM_TOKEN = randomToken();
    expectRefusal(await call(SCIM_TOKEN, { SCIM_TOKEN, DEFAULT_TENANT: "" }).get("/Users"), 401);
    const noSlug = { SCIM_TOKEN, DEFAULT_TENANT: "No_Slug" };
    expectRefusal(await call(SCIM_TOKEN, noSlug).get("/Users"), 401);
  });

  it("is paused and suspended like any other", async () => {
    const SCIM_TOKEN = randomToken();
    const scim = call(SCIM_TOKEN, { SCIM_TOKEN, DEFAULT_TENANT: "pausable" });
    expect((await scim.get("/Users")).status).toBe(200);
    await admin("PATCH", "/tenants/pausable", { status: "paused" });
    expectUnavailable(await scim.get("/Users"));
    await admin("PATCH", "/tenants/pausable", { status: "active" });
    expect((await scim.get("/Users")).status).toBe(200);
  });
});

describe("TOKEN_PEPPER", () => {
  const OLD = workerEnv().TOKEN_PEPPER ?? "";
  const NEW = "another-pepper-of-the-test-suite-9876543210fedcba";

  it("rotates: NEW,OLD admits tokens of both, NEW alone those of the new one", async () => {
    const tenant = await mintTenant();
    const both = callWorker({ TOKEN_PEPPER: `${NEW},${OLD}` });
    const only = callWorker({ TOKEN_PEPPER: NEW });
    expect((await tenant.through(both).get("/Users")).status).toBe(200);
    const newer = await issueToken(tenant.slug, {}, both);
    expect((await tenant.through(only, { token: newer.token }).get("/Users")).status).toBe(200);
    const unused = await issueToken(tenant.slug);
    expectRefusal(await tenant.through(only, { token: unused.token }).get("/Users"), 401);
  });
});

describe("a deployment that is not configured", () => {
  const cases: [string, Partial<Env>, RegExp][] = [
    ["without PUBLIC_URL", { PUBLIC_URL: "" }, /PUBLIC_URL.*npx wrangler deploy --var PUBLIC_URL:/],
    ["with a PUBLIC_URL without TLS", { PUBLIC_URL: "http://scim.acme.org" }, /PUBLIC_URL/],
    ["without ADMIN_TOKEN", { ADMIN_TOKEN: "" }, /npx wrangler secret put ADMIN_TOKEN/],
    ["with a short ADMIN_TOKEN", { ADMIN_TOKEN: "hunter2" }, /npx wrangler secret put ADMIN_TOKEN/],
    ["without TOKEN_PEPPER", { TOKEN_PEPPER: " " }, /npx wrangler secret put TOKEN_PEPPER/],
    ["with half a rotation", { TOKEN_PEPPER: `,${"x".repeat(40)}` }, /secret put TOKEN_PEPPER/],
    [
      "with a placeholder",
      { SIGNING_KEY: `replace-me-${"0123456789".repeat(4)}` },
      /put SIGNING_KEY/,
    ],
    ["with a foreign SCIM_TOKEN", { SCIM_TOKEN: "hunter2hunter2" }, /npm run token.*SCIM_TOKEN/],
  ];

  it.each(cases)(
    "%s answers 503 to everything and says what to type",
    async (_name, overrides, says) => {
      const tenant = await mintTenant();
      const transport = callWorker(overrides);
      const answers = await Promise.all([
        tenant.through(transport).get("/Users"),
        tenant.through(transport).post("/Users", { userName: "x" }),
        admin("GET", "/tenants", undefined, transport),
        scimClient(ORIGIN, tenant.token, transport).get("/healthz"),
      ]);
      for (const answer of answers) {
        expectUnavailable(answer);
        expect(answer.body["detail"]).toMatch(says);
        expect(answer.text).not.toContain("hunter2");
      }
      expect(await rowsIn("users", tenant.key)).toEqual([]);
    },
  );
});

describe("URLs in answers", () => {
  it("come from PUBLIC_URL, whatever the request says of its host", async () => {
    const tenant = await mintTenant();
    const evil = "https://evil.example.net";
    const headers = { "X-Forwarded-Host": "evil.example.net", Forwarded: "host=evil.example.net" };
    const atEvil = scimClient(`${evil}/api/v1/scim/v2`, tenant.token, throughTheDoor);
    const made = await atEvil.post("/Users", { userName: "ana" }, headers);
    expect(made.status).toBe(201);
    expect(made.headers.get("Location")).toBe(`${SCIM_BASE}/Users/${made.id}`);
    const answers = [
      made,
      await atEvil.get("/Users", headers),
      await atEvil.post("/Groups", { displayName: "x", members: [{ value: made.id }] }, headers),
      await atEvil.get(`/Users/${made.id}`, headers),
      await atEvil.get("/ResourceTypes", headers),
      await atEvil.get("/Schemas", headers),
      await atEvil.get("/ServiceProviderConfig", headers),
    ];
    for (const { text } of answers) expect(text).not.toContain("evil");
  });

  it("keep the tenant's own base, and the path of PUBLIC_URL", async () => {
    const tenant = await mintTenant();
    const path = `/api/v1/tenants/${tenant.slug}/scim/v2`;
    const transport = callWorker({ PUBLIC_URL: "https://acme.org/scim-edge/" });
    const made = await tenant
      .through(transport, { base: `${ORIGIN}${path}` })
      .post("/Users", { userName: "ana" });
    expect(made.headers.get("Location")).toBe(`https://acme.org/scim-edge${path}/Users/${made.id}`);
    expect(made.body["meta"]).toMatchObject({ location: made.headers.get("Location") });
  });
});

describe("/healthz", () => {
  it("says that the parts are there, without a token and without a secret", async () => {
    const answer = await readAnswer(await throughTheDoor(new Request(`${ORIGIN}/healthz`)));
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      status: "ok",
      schemaVersion: expect.any(String),
      bindings: { DB: true, TOKENS: true, ASSETS: true },
    });
  });
});
