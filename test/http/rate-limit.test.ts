import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { captureLog } from "../captured-log.ts";
import { callWorker } from "../call-worker.ts";
import { admin, issueToken, mintTenant, ORIGIN, SCIM_BASE } from "../mint-tenant.ts";
import { readAnswer, scimClient, type Answer, type Transport } from "../scim-client.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";

const WINDOW_MS = 60_000;

/** The counters begin anew with each minute of the clock: no test may run over the end of one. */
async function withinOneWindow(): Promise<void> {
  const left = WINDOW_MS - (Date.now() % WINDOW_MS);
  if (left < 5000) await new Promise((done) => setTimeout(done, left));
}

/** The platform's own counter; `keys` are what it was asked for. */
function watched(counter: RateLimit): { counter: RateLimit; keys: string[] } {
  const keys: string[] = [];
  return {
    keys,
    counter: {
      limit(options) {
        keys.push(options.key);
        return counter.limit(options);
      },
    },
  };
}

function expectTooMany(answer: Answer, mediaType: string): void {
  expect(answer.status).toBe(429);
  expect(answer.headers.get("Retry-After")).toMatch(/^\d+$/);
  expect(Number(answer.headers.get("Retry-After"))).toBeLessThanOrEqual(60);
  expect(answer.headers.get("Content-Type")).toBe(mediaType);
  expect(answer.headers.get("Cache-Control")).toBe("no-store");
}

const SCIM = "application/scim+json";
const PROBLEM = "application/problem+json";

let log: ReturnType<typeof captureLog>;
beforeEach(async () => {
  log = captureLog();
  await withinOneWindow();
});
afterEach(() => {
  log.restore();
});

describe("a token that sends too much", () => {
  const limited = callWorker({ REQUEST_LIMIT: env.LIMIT_OF_3 });

  it("gets 429 as a SCIM error that says when to come back, and nothing is done", async () => {
    const tenant = await mintTenant();
    const scim = tenant.through(limited);
    for (const path of ["/Users", "/Schemas", "/nowhere"]) {
      expect((await scim.get(path)).status).toBeLessThan(429);
    }
    const answer = await scim.post("/Users", { userName: "ana" });
    expectTooMany(answer, SCIM);
    expect(answer.body).toEqual({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
      status: "429",
      detail: expect.stringMatching(/^[A-Z].*Retry-After.*\.$/),
    });
    expect((await tenant.scim.get("/Users")).body["totalResults"]).toBe(0);
    const lines = log.of("request").filter(({ status }) => status === 429);
    expect(lines).toMatchObject([
      {
        requestId: answer.headers.get("X-Request-Id"),
        method: "POST",
        refusal: "too-many-requests",
        tenant: tenant.tenantId,
        token: tenant.id,
        d1Calls: 0,
      },
    ]);
  });

  it("is the only one: other tokens of the tenant and other tenants have shares of their own", async () => {
    const tenant = await mintTenant();
    const other = await mintTenant();
    const second = await issueToken(tenant.slug);
    for (let sent = 0; sent < 5; sent++) await tenant.through(limited).get("/Users");
    expect((await tenant.through(limited).get("/Users")).status).toBe(429);
    const asSecond = tenant.through(limited, { token: second.token });
    expect((await asSecond.get("/Users")).status).toBe(200);
    expect((await other.through(limited).get("/Users")).status).toBe(200);
  });

  it("is refused before its body is read and before a database is asked", async () => {
    const tenant = await mintTenant();
    for (let sent = 0; sent < 4; sent++) await tenant.through(limited).get("/Users");
    let trips = 0;
    const DB = interceptD1(env.DB, ({ send }) => {
      trips += 1;
      return send();
    });
    const request = new Request(`${SCIM_BASE}/Users`, {
      method: "POST",
      headers: { Authorization: `Bearer ${tenant.token}`, "Content-Type": SCIM },
      body: "{",
    });
    const answer = await readAnswer(
      await callWorker({ DB, REQUEST_LIMIT: env.LIMIT_OF_3 })(request),
    );
    // A body that was read would be 400.
    expectTooMany(answer, SCIM);
    expect(trips).toBe(0);
  });

  it("is counted by its id, and the deployment's own by its tenant, never by an address", async () => {
    const tenant = await mintTenant();
    const { counter, keys } = watched(env.LIMIT_OF_3);
    await tenant.through(callWorker({ REQUEST_LIMIT: counter })).get("/Users");
    const deployment = callWorker({
      REQUEST_LIMIT: counter,
      SCIM_TOKEN: tenant.token,
      DEFAULT_TENANT: tenant.slug,
    });
    await tenant.through(deployment).get("/Users", { "CF-Connecting-IP": "192.0.2.1" });
    expect(keys).toEqual([`${tenant.id}:${tenant.slug}`, `deployment:${tenant.slug}`]);
  });
});

describe("a tenant's key that sends too much", () => {
  it("gets 429 as a problem that says when to come back, while the operator has no limit", async () => {
    const { slug } = await mintTenant();
    const limited = callWorker({ REQUEST_LIMIT: env.LIMIT_OF_3 });
    const made = await admin("POST", `/tenants/${slug}/admin-keys`, { name: "k", role: "reader" });
    const ask = async (key: string) => {
      const headers = { Authorization: `Bearer ${key}` };
      const request = new Request(`${ORIGIN}/api/v1/admin/tenants/${slug}/users`, { headers });
      return readAnswer(await limited(request));
    };
    for (let sent = 0; sent < 3; sent++) {
      expect((await ask(String(made.body["key"]))).status).toBe(200);
    }
    const answer = await ask(String(made.body["key"]));
    expectTooMany(answer, PROBLEM);
    expect(answer.body).toMatchObject({ title: "Too Many Requests", status: 429 });
    expect(log.of("request").at(-1)).toMatchObject({
      app: "admin",
      status: 429,
      principal: "reader",
      token: made.id,
      refusal: "too-many-requests",
    });
    for (let sent = 0; sent < 5; sent++) {
      const operators = await admin("GET", `/tenants/${slug}/users`, undefined, limited);
      expect(operators.status).toBe(200);
    }
  });
});

describe("an address that fails too often", () => {
  const limited = callWorker({ REFUSAL_LIMIT: env.LIMIT_OF_3 });
  let addresses = 0;
  const newAddress = () => ({ "CF-Connecting-IP": `192.0.2.${++addresses}` });
  const knock = async (
    path: string,
    headers: Record<string, string>,
    transport: Transport = limited,
  ): Promise<Answer> =>
    readAnswer(await transport(new Request(`${ORIGIN}/api/v1${path}`, { headers })));
  const SCIM_DOOR = "/scim/v2/Users";
  const ADMIN_DOOR = "/admin/tenants";

  it.each([
    [SCIM_DOOR, SCIM],
    [ADMIN_DOOR, PROBLEM],
  ])("gets 429 in place of 401 (%s)", async (path, mediaType) => {
    const headers = newAddress();
    for (let failure = 0; failure < 3; failure++) {
      expect((await knock(path, headers)).status).toBe(401);
    }
    const answer = await knock(path, headers);
    expectTooMany(answer, mediaType);
    expect(answer.headers.get("WWW-Authenticate")).toBeNull();
    expect((await knock(path, newAddress())).status).toBe(401);
    const lines = log.of("request").filter(({ status }) => status === 429);
    expect(lines).toMatchObject([{ method: "GET", refusal: expect.any(String) }]);
    expect(log.lines.join("\n")).not.toContain("192.0.2.");
  });

  it("has one count for all doors, and one for its whole network", async () => {
    const network = `2001:db8:0:${++addresses}`;
    const from = (host: string) => ({ "CF-Connecting-IP": `${network}::${host}` });
    const form = (fields: Record<string, string>, host: string) => ({
      method: "POST",
      body: new URLSearchParams(fields),
      headers: from(host),
    });
    const grant = { grant_type: "client_credentials", client_id: "x", client_secret: "x" };
    const post = (path: string, init: RequestInit) =>
      limited(new Request(`${ORIGIN}${path}`, init));
    expect((await knock(SCIM_DOOR, from("1"))).status).toBe(401);
    expect((await knock(ADMIN_DOOR, from("2"))).status).toBe(401);
    expect((await post("/api/v1/oauth/token", form(grant, "3"))).status).toBe(401);
    for (const answer of [
      await knock(SCIM_DOOR, from("4")),
      await knock(ADMIN_DOOR, from("5")),
      await post("/api/v1/oauth/token", form(grant, "6")),
      await post("/console/sign-in", form({ key: "x" }, "7")),
    ]) {
      expect(answer.status).toBe(429);
      expect(answer.headers.get("Retry-After")).toMatch(/^\d+$/);
    }
    expect((await knock(SCIM_DOOR, newAddress())).status).toBe(401);
  });

  it("still gets in with what is valid", async () => {
    const tenant = await mintTenant();
    const headers = newAddress();
    for (let failure = 0; failure < 5; failure++) await knock(SCIM_DOOR, headers);
    expect((await knock(SCIM_DOOR, headers)).status).toBe(429);
    const scim = scimClient(SCIM_BASE, tenant.token, limited);
    expect((await scim.get("/Users", headers)).status).toBe(200);
    const operator: Transport = (request) => {
      for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
      return limited(request);
    };
    expect((await admin("GET", "/tenants", undefined, operator)).status).toBe(200);
  });
});

describe("a limit", () => {
  const failing: [string, RateLimit][] = [
    ["fails", { limit: () => Promise.reject(new Error("down")) }],
    ["hangs", { limit: () => new Promise(() => undefined) }],
  ];

  it.each(failing)("that %s lets everything pass", async (_what, counter) => {
    const tenant = await mintTenant();
    const scim = tenant.through(callWorker({ REQUEST_LIMIT: counter, REFUSAL_LIMIT: counter }));
    expect((await scim.get("/Users")).status).toBe(200);
    expect((await scim.get("/Users", { Authorization: "" })).status).toBe(401);
  });

  it("that is not configured is none", async () => {
    const tenant = await mintTenant();
    for (let sent = 0; sent < 20; sent++) {
      expect((await tenant.scim.get("/Users")).status).toBe(200);
      expect((await tenant.scim.get("/Users", { Authorization: "" })).status).toBe(401);
    }
  });
});
