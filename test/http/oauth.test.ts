import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { SCOPES } from "../../src/tenancy/scopes.ts";
import { isWellFormedToken, mintToken } from "../../src/tenancy/token.ts";
import { callWorker, workerEnv } from "../call-worker.ts";
import { dumpOf, migrateSpares, THREE } from "../many-databases.ts";
import { admin, issueToken, mintTenant, ORIGIN, type MintedTenant } from "../mint-tenant.ts";
import {
  accessToken,
  addSecret,
  askForToken,
  makeClient,
  postForm,
  TOKEN_URL,
  type MadeClient,
} from "../oauth-client.ts";
import { readAnswer, type Answer, type Json, type Transport } from "../scim-client.ts";
import { interceptD1, type Around } from "../storage/intercept-d1.ts";

const SCIM_USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const GRANT = { grant_type: "client_credentials" };
const randomSecret = () => mintToken(crypto.getRandomValues(new Uint8Array(32)), "client-secret");
const basic = (id: string, secret: string) => ({
  Authorization: `Basic ${btoa(`${id}:${secret}`)}`,
});

/** As from an isolate that has just begun: it remembers no admission, and asks KV. */
const freshIsolate: Transport = (request) =>
  callWorker({
    TOKENS: new Proxy(env.TOKENS, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      },
    }),
  })(request);

/** The Worker over a database whose round trips go through `around`. */
const over = (around: Around): Transport => callWorker({ DB: interceptD1(env.DB, around) });

async function tenantWithClient(
  fields: Json = {},
): Promise<{ tenant: MintedTenant; client: MadeClient }> {
  const tenant = await mintTenant();
  return { tenant, client: await makeClient(tenant.slug, fields) };
}

const rowsOf = async ({ key }: { key: number }, kind: string): Promise<Json[]> => {
  const { results } = await env.DB.prepare(
    "SELECT * FROM credentials WHERE tenant_key = ? AND kind = ? ORDER BY id",
  )
    .bind(key, kind)
    .all<Json>();
  return results;
};

function expectError(answer: Answer, status: number, error: string): void {
  expect([answer.status, answer.body["error"]], answer.text).toEqual([status, error]);
  expect(answer.headers.get("Content-Type")).toBe("application/json");
  expect(answer.headers.get("Cache-Control")).toBe("no-store");
  expect(answer.headers.get("Pragma")).toBe("no-cache");
  expect(answer.headers.get("X-Request-Id")).toMatch(/\w/);
  // RFC 6749 §5.2 leaves out what would have to be escaped.
  expect(answer.body["error_description"]).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
}

function expectUnavailable(answer: Answer): void {
  expectError(answer, 503, "temporarily_unavailable");
  expect(answer.headers.get("Retry-After")).toMatch(/^[1-9]\d*$/);
}

afterEach(() => {
  vi.useRealTimers();
});

describe("a token request", () => {
  it("is answered with a bearer token for an hour", async () => {
    const { client } = await tenantWithClient();
    const answer = await askForToken(client);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^scim_/),
      token_type: "Bearer",
      expires_in: 3600,
      scope: SCOPES.join(" "),
    });
    expect(isWellFormedToken(String(answer.body["access_token"]), "access")).toBe(true);
    expect(answer.headers.get("Content-Type")).toBe("application/json");
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    expect(answer.headers.get("Pragma")).toBe("no-cache");
  });

  const accepted: [string, (client: MadeClient) => Promise<Answer>][] = [
    ["Basic", (c) => postForm(GRANT, basic(c.clientId, c.clientSecret))],
    [
      "Basic in other letters and with more spaces",
      (c) =>
        postForm(GRANT, { Authorization: `bAsIc   ${btoa(`${c.clientId}:${c.clientSecret}`)} ` }),
    ],
    [
      "Basic of form-encoded parts",
      (c) =>
        postForm(
          GRANT,
          basic(
            c.clientId.replaceAll("-", "%2D"),
            c.clientSecret.replaceAll("_", "%5f").replaceAll("-", "%2d"),
          ),
        ),
    ],
    [
      "Basic, and the same client_id in the form",
      (c) => postForm({ ...GRANT, client_id: c.clientId }, basic(c.clientId, c.clientSecret)),
    ],
    [
      "a form with a charset",
      (c) =>
        postForm(
          { ...GRANT, client_id: c.clientId, client_secret: c.clientSecret },
          { "Content-Type": "Application/X-WWW-Form-Urlencoded; charset=UTF-8" },
        ),
    ],
    ["a parameter that nobody knows", (c) => askForToken(c, { resource: "https://example.com" })],
    ["a scope without a value", (c) => askForToken(c, { scope: "" })],
  ];

  it.each(accepted)("is taken with %s", async (_name, ask) => {
    const { client } = await tenantWithClient();
    const answer = await ask(client);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body["scope"]).toBe(SCOPES.join(" "));
  });

  it("is taken with a slash at the end of the address", async () => {
    const { client } = await tenantWithClient();
    const slash: Transport = (request) => callWorker()(new Request(`${TOKEN_URL}/`, request));
    expect((await askForToken(client, {}, slash)).status).toBe(200);
  });

  type Refused = [
    name: string,
    status: number,
    error: string,
    ask: (client: MadeClient) => Promise<Answer>,
  ];
  const form = (c: MadeClient) => ({
    ...GRANT,
    client_id: c.clientId,
    client_secret: c.clientSecret,
  });
  const textOf = (c: MadeClient) => new URLSearchParams(form(c)).toString();
  const refusals: Refused[] = [
    [
      "no grant_type",
      400,
      "invalid_request",
      (c) => postForm({ client_id: c.clientId, client_secret: c.clientSecret }),
    ],
    ["an empty grant_type", 400, "invalid_request", (c) => askForToken(c, { grant_type: "" })],
    [
      "another grant",
      400,
      "unsupported_grant_type",
      (c) => askForToken(c, { grant_type: "authorization_code", code: "x" }),
    ],
    [
      "a grant in other letters",
      400,
      "unsupported_grant_type",
      (c) => askForToken(c, { grant_type: "Client_Credentials" }),
    ],
    [
      "grant_type twice",
      400,
      "invalid_request",
      (c) => postForm(`${textOf(c)}&grant_type=client_credentials`),
    ],
    [
      "client_secret twice",
      400,
      "invalid_request",
      (c) => postForm(`${textOf(c)}&client_secret=${c.clientSecret}`),
    ],
    ["an empty scope twice", 400, "invalid_request", (c) => postForm(`${textOf(c)}&scope=&scope=`)],
    [
      "the secret in the header and in the form",
      400,
      "invalid_request",
      (c) => postForm(form(c), basic(c.clientId, c.clientSecret)),
    ],
    [
      "two different client ids",
      400,
      "invalid_request",
      (c) => postForm({ ...GRANT, client_id: "other" }, basic(c.clientId, c.clientSecret)),
    ],
    [
      "JSON",
      400,
      "invalid_request",
      (c) => postForm(JSON.stringify(form(c)), { "Content-Type": "application/json" }),
    ],
    [
      "a multipart form",
      400,
      "invalid_request",
      (c) => postForm(textOf(c), { "Content-Type": "multipart/form-data; boundary=x" }),
    ],
    ["no media type", 400, "invalid_request", (c) => postForm(textOf(c), { "Content-Type": "" })],
    [
      "a compressed body",
      400,
      "invalid_request",
      (c) => postForm(textOf(c), { "Content-Encoding": "gzip" }),
    ],
    [
      "more than 8 KiB",
      400,
      "invalid_request",
      (c) => askForToken(c, { padding: "x".repeat(8192) }),
    ],
    [
      "an unknown scope",
      400,
      "invalid_scope",
      (c) => askForToken(c, { scope: "users:read users:delete" }),
    ],
    [
      "a scope in other letters",
      400,
      "invalid_scope",
      (c) => askForToken(c, { scope: "Users:read" }),
    ],
    ["no client at all", 401, "invalid_client", () => postForm(GRANT)],
    ["no secret", 401, "invalid_client", (c) => postForm({ ...GRANT, client_id: c.clientId })],
    [
      "no client id",
      401,
      "invalid_client",
      (c) => postForm({ ...GRANT, client_secret: c.clientSecret }),
    ],
    [
      "an assertion in place of the secret",
      401,
      "invalid_client",
      (c) =>
        postForm({
          ...GRANT,
          client_id: c.clientId,
          client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
          client_assertion: "e30.e30.x",
        }),
    ],
    [
      "a secret that is none of ours",
      401,
      "invalid_client",
      (c) => askForToken({ ...c, clientSecret: "hunter2" }),
    ],
    [
      "a secret that nobody was given",
      401,
      "invalid_client",
      (c) => askForToken({ ...c, clientSecret: randomSecret() }),
    ],
    [
      "a client id that nobody has",
      401,
      "invalid_client",
      (c) => askForToken({ ...c, clientId: "00000000-0000-7000-8000-000000000000" }),
    ],
    [
      "Basic without a secret",
      401,
      "invalid_client",
      (c) => postForm(GRANT, { Authorization: `Basic ${btoa(c.clientId)}` }),
    ],
    [
      "Basic that is no base64",
      401,
      "invalid_client",
      () => postForm(GRANT, { Authorization: "Basic ====" }),
    ],
    [
      "Basic with a percent sign that begins nothing",
      401,
      "invalid_client",
      (c) => postForm(GRANT, basic(c.clientId, `%${c.clientSecret}`)),
    ],
    [
      "another scheme",
      401,
      "invalid_client",
      (c) => postForm(GRANT, { Authorization: `Bearer ${c.clientSecret}` }),
    ],
    [
      "an endless header",
      401,
      "invalid_client",
      () => postForm(GRANT, { Authorization: `Basic ${btoa("x".repeat(9000))}` }),
    ],
  ];

  it.each(refusals)("with %s is %i %s", async (_name, status, error, ask) => {
    const { tenant, client } = await tenantWithClient();
    expectError(await ask(client), status, error);
    expect(await rowsOf(tenant, "access")).toEqual([]);
  });

  it("is never told why a client is not believed, and is told the scheme", async () => {
    const { client } = await tenantWithClient();
    const answers = await Promise.all(
      refusals.filter(([, status]) => status === 401).map(([, , , ask]) => ask(client)),
    );
    expect(answers.length).toBeGreaterThan(8);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    for (const { headers } of answers) {
      expect(headers.get("WWW-Authenticate")).toMatch(/^Basic realm="/);
    }
  });

  it("is cut off behind 8 KiB also when nobody says how long it is", async () => {
    const { client } = await tenantWithClient();
    const text = new TextEncoder().encode(`${textOf(client)}&padding=${"x".repeat(9000)}`);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < text.length; at += 1000)
          controller.enqueue(text.slice(at, at + 1000));
        controller.close();
      },
    });
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const request = new Request(TOKEN_URL, { method: "POST", headers, body });
    expectError(await readAnswer(await callWorker()(request)), 400, "invalid_request");
  });

  it.each(["GET", "PUT", "DELETE", "OPTIONS"])("by %s is 405", async (method) => {
    const answer = await readAnswer(await callWorker()(new Request(TOKEN_URL, { method })));
    expectError(answer, 405, "invalid_request");
    expect(answer.headers.get("Allow")).toBe("POST");
  });

  it.each(["", "/tokens", "/token/x"])("is 404 at /api/v1/oauth%s", async (path) => {
    const init = { method: "POST", body: "" };
    const answer = await callWorker()(new Request(`${ORIGIN}/api/v1/oauth${path}`, init));
    expectError(await readAnswer(answer), 404, "invalid_request");
  });

  it("asks no store when the secret cannot be one of ours", async () => {
    const { client } = await tenantWithClient();
    const untouched = callWorker({
      DB: interceptD1(env.DB, () => Promise.reject(new Error("D1 was asked."))),
      TOKENS: new Proxy(env.TOKENS, {
        get: () => () => Promise.reject(new Error("KV was asked.")),
      }),
    });
    for (const clientSecret of [
      "x",
      client.clientSecret.slice(0, -1),
      mintToken(crypto.getRandomValues(new Uint8Array(32))),
    ]) {
      const answer = await askForToken({ ...client, clientSecret }, {}, untouched);
      expectError(answer, 401, "invalid_client");
    }
  });

  it("is not taken with any other credential of the tenant in place of the secret", async () => {
    const { tenant, client } = await tenantWithClient();
    const access = await accessToken(client);
    const key = await admin("POST", `/tenants/${tenant.slug}/admin-keys`, {
      name: "Key",
      role: "admin",
    });
    for (const clientSecret of [tenant.token, access, String(key.body["key"])]) {
      expectError(await askForToken({ ...client, clientSecret }), 401, "invalid_client");
    }
  });

  it("takes two round trips, and leaves two rows and none in the journal", async () => {
    const { tenant, client } = await tenantWithClient();
    await accessToken(client);
    const countOf = async (table: string) =>
      env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<number>("n");
    const tables = ["credentials", "credential_index", "changes"];
    const before = await Promise.all(tables.map(countOf));
    let trips = 0;
    await accessToken(
      client,
      {},
      over(({ send }) => {
        trips += 1;
        return send();
      }),
    );
    expect(trips).toBe(2);
    const after = await Promise.all(tables.map(countOf));
    expect(after.map((count, at) => Number(count) - Number(before[at]))).toEqual([1, 1, 0]);
    expect(await rowsOf(tenant, "access")).toHaveLength(2);
  });

  it("notes by whom and when the secret was used", async () => {
    const { tenant, client } = await tenantWithClient();
    const list = () => admin("GET", `/tenants/${tenant.slug}/clients`);
    const unused = { id: client.secretId, lastUsedAt: null, lastUsedBy: null };
    expect((await list()).body).toMatchObject({ items: [{ secrets: [unused] }] });
    await postForm(GRANT, {
      ...basic(client.clientId, client.clientSecret),
      "User-Agent": "Okta SCIM Client 1.0.0",
    });
    const used = { lastUsedAt: expect.stringMatching(/Z$/), lastUsedBy: "Okta" };
    expect((await list()).body).toMatchObject({ items: [{ secrets: [used] }] });
  });
});

describe("an address that guesses", () => {
  const from = (address: string): Transport => {
    const limited = callWorker({ REFUSAL_LIMIT: env.LIMIT_OF_3 });
    return (request) => {
      const headers = new Headers(request.headers);
      headers.set("CF-Connecting-IP", address);
      return limited(new Request(request, { headers }));
    };
  };

  it("is told to wait, and keeps no client of the same address waiting", async () => {
    // The counter begins anew with each minute of the clock.
    const left = 60_000 - (Date.now() % 60_000);
    if (left < 5000) await new Promise((done) => setTimeout(done, left));
    const { client } = await tenantWithClient();
    const guess = { ...client, clientSecret: randomSecret() };
    const ask = () => askForToken(guess, {}, from("203.0.113.9"));
    for (let count = 0; count < 3; count++) expectError(await ask(), 401, "invalid_client");
    const answer = await ask();
    expectError(answer, 429, "temporarily_unavailable");
    expect(answer.headers.get("Retry-After")).toMatch(/^[1-9]\d*$/);
    expect((await askForToken(client, {}, from("203.0.113.9"))).status).toBe(200);
    expectError(await askForToken(guess, {}, from("203.0.113.10")), 401, "invalid_client");
  });
});

describe("the state of the tenant", () => {
  it("that must have single sign-on, and has not, gives no token", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const client = await makeClient(tenant.slug);
    await tenant.change({ settings: { ssoActive: false } });
    expectError(await askForToken(client), 400, "unauthorized_client");
    const stranger = { ...client, clientSecret: randomSecret() };
    expectError(await askForToken(stranger), 401, "invalid_client");
    await tenant.change({ settings: { ssoActive: true } });
    expect((await askForToken(client)).status).toBe(200);
  });

  it.each([
    ["paused", 503],
    ["suspended", 403],
  ])("%s gives a token, with which SCIM answers %i", async (status, answered) => {
    const { tenant, client } = await tenantWithClient();
    await tenant.change({ status });
    const token = await accessToken(client);
    expect((await tenant.through(callWorker(), { token }).get("/Users")).status).toBe(answered);
    await tenant.change({ status: "active" });
    expect((await tenant.through(callWorker(), { token }).get("/Users")).status).toBe(200);
  });

  it("on its way to another database asks to come again", async () => {
    const { tenant, client } = await tenantWithClient();
    const moving = env.DB.prepare("UPDATE tenant_states SET moving_to = ? WHERE tenant_key = ?");
    await moving.bind("DB_1", tenant.key).run();
    expectUnavailable(await askForToken(client));
    expect(await rowsOf(tenant, "access")).toEqual([]);
    await moving.bind(null, tenant.key).run();
    expect((await askForToken(client)).status).toBe(200);
  });

  it("deleted knows the client no more", async () => {
    const { tenant, client } = await tenantWithClient();
    await admin("DELETE", `/tenants/${tenant.slug}?confirm=${tenant.slug}`);
    expectError(await askForToken(client), 401, "invalid_client");
  });
});

describe("an access token", () => {
  const requests: [string, string, (token: string, tenant: MintedTenant) => Promise<Answer>][] = [
    ["GET /Users", "users:read", (token, t) => t.through(callWorker(), { token }).get("/Users")],
    [
      "POST /Users",
      "users:write",
      (token, t) =>
        t
          .through(callWorker(), { token })
          .post("/Users", { schemas: [SCIM_USER], userName: crypto.randomUUID() }),
    ],
    ["GET /Groups", "groups:read", (token, t) => t.through(callWorker(), { token }).get("/Groups")],
    [
      "POST /Groups",
      "groups:write",
      (token, t) =>
        t
          .through(callWorker(), { token })
          .post("/Groups", { displayName: crypto.randomUUID(), members: [] }),
    ],
  ];

  it.each(SCOPES)("with the scope %s may what that says and nothing else", async (scope) => {
    const { tenant, client } = await tenantWithClient();
    const answer = await askForToken(client, { scope });
    expect(answer.body["scope"]).toBe(scope);
    for (const [name, needed, send] of requests) {
      const { status } = await send(String(answer.body["access_token"]), tenant);
      expect([name, status < 300]).toEqual([name, needed === scope]);
      if (needed !== scope) expect(status).toBe(403);
    }
  });

  it("has no more than its client, in one order and each scope once", async () => {
    const { client } = await tenantWithClient({ scopes: ["groups:read", "users:read"] });
    expect((await askForToken(client)).body["scope"]).toBe("users:read groups:read");
    const scope = "groups:read users:read  groups:read";
    expect((await askForToken(client, { scope })).body["scope"]).toBe("users:read groups:read");
    expectError(await askForToken(client, { scope: "users:write" }), 400, "invalid_scope");
  });

  it("works for 60 minutes, from KV and from D1", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { tenant, client } = await tenantWithClient();
    const token = await accessToken(client);
    const warm = tenant.through(callWorker(), { token });
    expect((await warm.get("/Users")).status).toBe(200);
    vi.setSystemTime(Date.now() + 3_599_999);
    expect((await warm.get("/Users")).status).toBe(200);
    vi.setSystemTime(Date.now() + 1);
    expect((await warm.get("/Users")).status).toBe(401);
    expect((await tenant.through(freshIsolate, { token }).get("/Users")).status).toBe(401);
    expect((await askForToken(client)).status).toBe(200);
  });

  it("is in no list of tokens, and cannot be revoked or rotated as one", async () => {
    const { tenant, client } = await tenantWithClient();
    const token = await accessToken(client);
    const [row] = await rowsOf(tenant, "access");
    const path = `/tenants/${tenant.slug}/tokens`;
    const { body } = await admin("GET", path);
    expect(body["items"]).toMatchObject([{ id: tenant.id }]);
    expect((await admin("DELETE", `${path}/${String(row?.["id"])}`)).status).toBe(404);
    expect((await admin("POST", `${path}/${String(row?.["id"])}/rotate`, {})).status).toBe(404);
    expect((await tenant.through(callWorker(), { token }).get("/Users")).status).toBe(200);
  });

  it("opens no door but SCIM of its own tenant", async () => {
    const { tenant, client } = await tenantWithClient();
    const other = await mintTenant();
    const token = await accessToken(client);
    const at = (slug: string) =>
      tenant.through(callWorker(), { token, base: `${ORIGIN}/api/v1/tenants/${slug}/scim/v2` });
    expect((await at(tenant.slug).get("/Users")).status).toBe(200);
    expect((await at(other.slug).get("/Users")).status).toBe(401);
    const api = new Request(`${ORIGIN}/api/v1/admin/tenants/${tenant.slug}`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    expect((await callWorker()(api)).status).toBe(401);
  });

  it("and the secret itself are not taken for each other", async () => {
    const { tenant, client } = await tenantWithClient();
    const asToken = tenant.through(callWorker(), { token: client.clientSecret });
    expect((await asToken.get("/Users")).status).toBe(401);
  });

  it("writes under the name of its client", async () => {
    const { tenant, client } = await tenantWithClient();
    const token = await accessToken(client);
    const scim = tenant.through(callWorker(), { token });
    await scim.post("/Users", { schemas: [SCIM_USER], userName: "ana" });
    const { body } = await admin("GET", `/tenants/${tenant.slug}/changes?operation=create`);
    const actor = { kind: "token", id: client.clientId, hint: client.clientSecret.slice(-4) };
    expect(body["items"]).toMatchObject([{ actor }]);
  });

  it("notes its use at its secret, where it is still seen when the token is gone", async () => {
    const { tenant, client } = await tenantWithClient();
    const token = await accessToken(client);
    await env.DB.prepare("UPDATE credentials SET last_used_at = NULL WHERE id = ?")
      .bind(client.secretId)
      .run();
    const headers = { "User-Agent": "Okta SCIM Client 1.0.0" };
    await tenant.through(freshIsolate, { token }).get("/Users", headers);
    const [secret] = await rowsOf(tenant, "client-secret");
    const [access] = await rowsOf(tenant, "access");
    expect(secret).toMatchObject({ last_used_by: "Okta", last_used_at: access?.["last_used_at"] });
    expect((await admin("GET", `/tenants/${tenant.slug}/stats`)).body).toMatchObject({
      lastRequestAt: secret?.["last_used_at"],
      idp: "Okta",
    });
  });

  it("is found by KV, and without it by one round trip more, as any other token is", async () => {
    const { tenant, client } = await tenantWithClient();
    const token = await accessToken(client);
    let trips = 0;
    const counted = over(({ send }) => {
      trips += 1;
      return send();
    });
    const scim = tenant.through(counted, { token });
    await scim.get("/Users/unknown");
    // The third notes the use, behind the answer.
    expect(trips).toBe(3);
    trips = 0;
    await scim.get("/Users/unknown");
    expect(trips).toBe(1);
  });
});

describe("a revocation", () => {
  const ways: [string, (slug: string, client: MadeClient) => Promise<Answer>][] = [
    ["client", (slug, c) => admin("DELETE", `/tenants/${slug}/clients/${c.clientId}`)],
    [
      "secret",
      (slug, c) => admin("DELETE", `/tenants/${slug}/clients/${c.clientId}/secrets/${c.secretId}`),
    ],
  ];

  it.each(ways)(
    "of the %s ends its tokens at once, with KV warm and with KV stale",
    async (_name, revoke) => {
      const { tenant, client } = await tenantWithClient();
      const token = await accessToken(client);
      const unused = await accessToken(client);
      const warm = tenant.through(callWorker(), { token });
      const fresh = tenant.through(freshIsolate, { token });
      expect((await warm.get("/Users")).status).toBe(200);
      const { keys } = await env.TOKENS.list();
      const entries = await Promise.all(
        keys.map(async ({ name }) => ({ name, value: (await env.TOKENS.get(name)) ?? "" })),
      );
      const stale = entries.filter(({ value }) => value.includes(client.clientId));
      expect(stale).toHaveLength(1);
      expect((await revoke(tenant.slug, client)).status).toBe(204);
      expect((await warm.get("/Users")).status).toBe(401);
      for (const { name, value } of stale) await env.TOKENS.put(name, value);
      expect((await fresh.get("/Users")).status).toBe(401);
      expect((await fresh.post("/Users", { userName: "eve" })).status).toBe(401);
      expect((await tenant.through(freshIsolate, { token: unused }).get("/Users")).status).toBe(
        401,
      );
      expectError(await askForToken(client), 401, "invalid_client");
      expect((await tenant.scim.get("/Users")).status).toBe(200);
    },
  );

  it("of one secret leaves the other one and its tokens alone", async () => {
    const { tenant, client: old } = await tenantWithClient();
    const next = await addSecret(tenant.slug, old);
    const token = await accessToken(next);
    const [, revoke] = ways[1] ?? [];
    expect((await revoke?.(tenant.slug, old))?.status).toBe(204);
    expect((await tenant.through(callWorker(), { token }).get("/Users")).status).toBe(200);
    expect((await askForToken(next)).status).toBe(200);
  });

  it.each(ways)(
    "of the %s between look-up and issue leaves no token behind",
    async (_n, revoke) => {
      const { tenant, client } = await tenantWithClient();
      let revoked = false;
      const answer = await askForToken(
        client,
        {},
        over(async ({ statements, send }) => {
          if (!revoked && statements.some(({ sql }) => sql.includes('INSERT INTO "credentials"'))) {
            revoked = true;
            await revoke(tenant.slug, client);
          }
          return send();
        }),
      );
      expect(revoked).toBe(true);
      expectError(answer, 401, "invalid_client");
      expect(await rowsOf(tenant, "access")).toEqual([]);
    },
  );

  it("of something else of the tenant at the same moment refuses nobody", async () => {
    const { tenant, client } = await tenantWithClient();
    let changes = 0;
    const answer = await askForToken(
      client,
      {},
      over(async ({ statements, send }) => {
        if (
          changes < 3 &&
          statements.some(({ sql }) => sql.includes('INSERT INTO "credentials"'))
        ) {
          changes += 1;
          await tenant.change({ settings: { invitationDelayMinutes: changes } });
        }
        return send();
      }),
    );
    expect([answer.status, changes]).toEqual([200, 3]);
    expect(await rowsOf(tenant, "access")).toHaveLength(1);
  });
});

describe("a rotation", () => {
  it("of the secret refuses no request on the way", async () => {
    const { tenant, client: old } = await tenantWithClient();
    const token = await accessToken(old);
    const works = async (with_: string) =>
      (await tenant.through(callWorker(), { token: with_ }).get("/Users")).status;
    expect(await works(token)).toBe(200);
    const next = await addSecret(tenant.slug, old);
    expect(next.clientId).toBe(old.clientId);
    expect(next.clientSecret).not.toBe(old.clientSecret);
    expect(await works(token)).toBe(200);
    expect(await works(await accessToken(old))).toBe(200);
    const newer = await accessToken(next);
    expect(await works(newer)).toBe(200);
    await admin(
      "DELETE",
      `/tenants/${tenant.slug}/clients/${old.clientId}/secrets/${old.secretId}`,
    );
    expect(await works(newer)).toBe(200);
    expect(await works(await accessToken(next))).toBe(200);
    expect(await works(token)).toBe(401);
    expectError(await askForToken(old), 401, "invalid_client");
  });

  it("of TOKEN_PEPPER takes secrets along that are used", async () => {
    const OLD = workerEnv().TOKEN_PEPPER ?? "";
    const NEW = "another-pepper-of-the-test-suite-9876543210fedcba";
    const { tenant, client } = await tenantWithClient();
    const unused = await addSecret(tenant.slug, client);
    const both = callWorker({ TOKEN_PEPPER: `${NEW},${OLD}` });
    const only = callWorker({ TOKEN_PEPPER: NEW });
    const before = await accessToken(client);
    const token = await accessToken(client, {}, both);
    expect((await tenant.through(both, { token: before }).get("/Users")).status).toBe(200);
    expect((await tenant.through(only, { token }).get("/Users")).status).toBe(200);
    const { body } = await admin("GET", `/tenants/${tenant.slug}/clients`, undefined, both);
    expect(body["items"]).toMatchObject([
      { secrets: [{ underOldPepper: false }, { underOldPepper: true }] },
    ]);
    expect((await askForToken(client, {}, only)).status).toBe(200);
    expectError(await askForToken(unused, {}, only), 401, "invalid_client");
  });
});

describe("clients of two tenants", () => {
  it("are no clients of each other, whichever way id and secret are mixed", async () => {
    const { client: one } = await tenantWithClient();
    const { tenant, client: two } = await tenantWithClient();
    const sibling = await makeClient(tenant.slug);
    const mixed = [
      { ...one, clientId: two.clientId },
      { ...two, clientId: one.clientId },
      { ...two, clientId: sibling.clientId },
    ];
    for (const client of mixed) {
      expectError(await askForToken(client), 401, "invalid_client");
      expectError(
        await postForm(GRANT, basic(client.clientId, client.clientSecret)),
        401,
        "invalid_client",
      );
    }
  });
});

describe("a tenant of another database", () => {
  beforeAll(migrateSpares);
  const three = callWorker(THREE);

  async function inDb1(): Promise<{ tenant: MintedTenant; client: MadeClient; token: string }> {
    const { tenant, client } = await tenantWithClient();
    const token = await accessToken(client);
    const moved = await admin("POST", `/tenants/${tenant.slug}/move`, { database: "DB_1" }, three);
    expect(moved.status).toBe(202);
    return { tenant, client, token };
  }

  it("takes its clients, secrets and access tokens along", async () => {
    const { tenant, client, token } = await inDb1();
    const dump = await dumpOf("DB_1", tenant.tenantId);
    expect(dump?.["oauth_clients"]).toMatchObject([{ id: client.clientId }]);
    expect(await dumpOf("DB", tenant.tenantId)).toBeUndefined();
    const scim = (as: string) => tenant.through(three, { token: as });
    expect((await scim(token).get("/Users")).status).toBe(200);
    expect((await scim(await accessToken(client, {}, three)).get("/Users")).status).toBe(200);
    const next = await addSecret(tenant.slug, client, three);
    expect((await scim(await accessToken(next, {}, three)).get("/Users")).status).toBe(200);
    const path = `/tenants/${tenant.slug}/clients/${client.clientId}`;
    expect((await admin("DELETE", path, undefined, three)).status).toBe(204);
    expect((await scim(token).get("/Users")).status).toBe(401);
    expectError(await askForToken(next, {}, three), 401, "invalid_client");
  });

  it("has its tokens in three round trips, one behind the other", async () => {
    const { client } = await inDb1();
    let [running, turns] = [0, 0];
    const counted = (database: D1Database) =>
      interceptD1(database, async ({ send }) => {
        if (running === 0) turns += 1;
        running += 1;
        try {
          return await send();
        } finally {
          running -= 1;
        }
      });
    // Noted already, so that no trip behind the answer is counted.
    await accessToken(client, {}, three);
    await accessToken(
      client,
      {},
      callWorker({ ...THREE, DB: counted(THREE.DB), DB_1: counted(THREE.DB_1) }),
    );
    expect(turns).toBe(3);
  });

  it.each(["DB", "DB_1"] as const)(
    "gives a good token or asks to come again when %s fails",
    async (place) => {
      const { tenant, client } = await inDb1();
      await expectNoFalseAnswer(
        (around) => callWorker({ ...THREE, [place]: interceptD1(THREE[place], around) }),
        client,
        async (token) =>
          expect((await tenant.through(three, { token }).get("/Users")).status).toBe(200),
      );
    },
  );
});

const FAULTS = [
  "D1_ERROR: Network connection lost.",
  "D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
  "D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.",
  "D1_ERROR: a text that nobody has seen yet",
];

/** Fails at every round trip of a token request in turn, before and behind what it does. */
async function expectNoFalseAnswer(
  workerOver: (around: Around) => Transport,
  client: MadeClient,
  expectGood: (token: string) => Promise<void>,
): Promise<void> {
  const statuses: number[] = [];
  for (const message of FAULTS) {
    for (const when of ["before", "after"]) {
      for (let at = 1; at <= 3; at++) {
        let trips = 0;
        const transport = workerOver(async ({ send }) => {
          trips += 1;
          if (trips !== at) return send();
          if (when === "after") await send();
          throw new Error(message);
        });
        const answer = await askForToken(client, {}, transport);
        statuses.push(answer.status);
        if (answer.status === 200) await expectGood(String(answer.body["access_token"]));
        else expectUnavailable(answer);
      }
    }
  }
  expect(new Set(statuses)).toEqual(new Set([200, 503]));
}

describe("a database that fails", () => {
  it("leads to a good token or to 503, and never to 401", async () => {
    const { tenant, client } = await tenantWithClient();
    await expectNoFalseAnswer(over, client, async (token) =>
      expect((await tenant.through(callWorker(), { token }).get("/Users")).status).toBe(200),
    );
  });

  it("for good is 503 with the time to come again", async () => {
    const { client } = await tenantWithClient();
    for (const message of FAULTS) {
      expectUnavailable(
        await askForToken(
          client,
          {},
          over(() => Promise.reject(new Error(message))),
        ),
      );
    }
  });

  it("only when the use is noted changes nothing", async () => {
    const { client } = await tenantWithClient();
    const answer = await askForToken(
      client,
      {},
      over(({ statements, send }) =>
        statements.some(({ sql }) => sql.includes("last_used_at ="))
          ? Promise.reject(new Error(FAULTS[0]))
          : send(),
      ),
    );
    expect(answer.status).toBe(200);
  });

  it("KV is not asked for a secret", async () => {
    const { tenant, client } = await tenantWithClient();
    await issueToken(tenant.slug);
    const TOKENS = new Proxy(env.TOKENS, {
      get: () => () => Promise.reject(new Error("KV was asked.")),
    });
    expect((await askForToken(client, {}, callWorker({ TOKENS }))).status).toBe(200);
  });
});
